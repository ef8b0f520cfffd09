-- Lua: the language, its libraries, files, coroutines, a child process.
print(7 // 2, 7 % -3, 2 ^ 10, 1 << 40, 10 / 4, math.maxinteger, 3 | 4)
print(string.format("%5.2f|%-5s|%05d|%q|%x", 3.14159, "ab", 42, "a\nb", 255))
print(#"hello", ("x"):rep(3, ","), ("hello"):upper():reverse())
print(("abc"):byte(1, -1))
print(("key = value"):match("^(%w+)%s*=%s*(%w+)$"))
print((("hello world"):gsub("o", "0")), ("a,b,c"):find(",", 1, true))
for word in ("one two three"):gmatch("%a+") do io.write(word, ";") end
print()
local t = {5, 2, 9, 1, name = "x"}
table.sort(t, function(a, b) return a > b end)
print(table.concat(t, " "), #t, t.name, select("#", table.unpack(t)))
table.insert(t, 1, 100); table.remove(t)
print(table.concat(t, ","))
local function fib(n)
  return n < 2 and n or fib(n - 1) + fib(n - 2)
end
print(fib(22))
local generator = coroutine.wrap(function()
  for i = 1, 3 do coroutine.yield(i * i) end
end)
print(generator(), generator(), generator())
print(select(2, pcall(error, {code = 5})).code)
print(select(2, pcall(function() local x = nil; return x.y end)))
local meta = setmetatable({}, {
  __index = function(_, k) return k .. "!" end,
  __call = function(_, a) return a + 1 end,
  __add = function() return "added" end})
print(meta.anything, meta(41), meta + 1)
for k, v in ipairs({"a", "b", nil, "d"}) do io.write(k, v, " ") end
print()
goto done
print("not reached")
::done::
local file = assert(io.open("lua.txt", "w"))
file:write("line 1\n", 2, "\n", 3.5, "\n"); file:close()
for line in io.lines("lua.txt") do io.write("[", line, "]") end
print()
file = io.open("lua.txt", "r+")
print(file:read("l", "n", "n"))
print(file:seek("end"), file:seek("set", 2), file:read(3))
file:close()
print(io.open("/none/such"))
print(os.rename("lua.txt", "renamed.txt"))
print(os.remove("renamed.txt"), os.remove("renamed.txt"))
local pipe = io.popen("echo from a child; exit 3")
print(pipe:read("a"), pipe:close())
print(os.execute("exit 7"), os.getenv("HOME"), os.date("!%Y-%m-%d", 86400))
print(utf8.char(228, 8364), utf8.len("äöü"), #utf8.char(0x10FFFF))
print(load("return 1 + ...")(41), type(os.time()), math.type(1), math.type(1.0))
local big = {}
for i = 1, 100000 do big[i] = i % 7 end
local sum = 0
for _, v in ipairs(big) do sum = sum + v end
collectgarbage()
print(sum, collectgarbage("count") > 0)
print(math.floor(-3.5), math.abs(-4), math.fmod(7, 3))
os.exit(0)
