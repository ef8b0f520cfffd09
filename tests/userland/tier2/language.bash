# bash: arrays, expansions, arithmetic, conditions, functions, printf.
a=(zero one 'two words' three)
echo "${a[0]}" "${a[-1]}" ${#a[@]} "${!a[@]}" "${a[@]:1:2}"
a+=(four)
a[10]=ten
unset 'a[1]'
for word in "${a[@]}"; do echo "<$word>"; done
echo "${!a[@]}"
declare -A map=([red]=1 [green]=2 ['two words']=3)
map[blue]=4
for key in "${!map[@]}"; do echo "$key=${map[$key]}"; done | sort
echo ${#map[@]} ${map[red]-none} ${map[none]-none}
unset 'map[red]'
echo ${map[red]-gone}
s='Hello, World'
echo ${s:7} ${s:0:5} ${s: -5:3} ${s/o/0} ${s//o/0}
echo ${s/#Hello/Bye} ${s/%World/You}
echo ${s^^} ${s,,} ${s~~} ${s^} ${s,}
name=s
echo ${!name} ${!n*}
echo "${a[@]/o/0}"
echo "${s@Q}" "${s@U}"
[[ $s == Hello* ]] && echo glob
[[ $s =~ ^([A-Z][a-z]+),\ (.*)$ ]] && echo "${BASH_REMATCH[@]:1}"
[[ abc < abd && ! -e none && -n $s || -z $s ]] && echo logic
[[ 10 -gt 9 ]] && echo number
((x = 5, y = x ** 2))
echo $x $y $((y % 7)) $((2#1011)) $((16#ff)) $((x > 3 && y < 30))
for ((i = 0; i < 3; i++)); do printf '%d,' $i; done
echo
echo {a,b,c}{1..3} {01..03} {z..w} {1..10..3} pre{x,y}post
echo $'tab\there' $'\x41\u00e9' | od -c | head -2
printf -v out '%05.1f|%-6s|%+d|%#x|%q' 3.14159 ab 5 255 'a b'
echo "$out"
printf '%(%Y-%m-%d)T\n' 86400
read -r -a words <<<'one two three'
echo ${words[1]} ${#words[@]}
IFS=, read -r p q <<<'x,y,z'
echo $p $q
mapfile -t lines < <(printf '%s\n' l1 l2 l3)
echo ${#lines[@]} "${lines[2]}"
f() {
	local -i n=$1
	local result
	((n <= 1)) && { echo 1; return; }
	result=$(f $((n - 1)))
	echo $((n * result))
}
f 10
g() { local -n ref=$1; ref=changed; }
v=before
g v
echo $v
h() { echo "$FUNCNAME ${#FUNCNAME[@]} $# $*"; }
h 1 2
case word in
[[:upper:]]*) echo upper ;;
[[:lower:]]*) echo lower ;;&
w*) echo w ;;
esac
shopt -s extglob nullglob
echo none* end
case foobar in @(foo|bar)+(bar)) echo extended ;; esac
echo "${s//+([aeiou])/_}"
select x in a b; do echo "chose $x"; break; done <<<2 2>/dev/null
set -o pipefail
false | true
echo $?
set +o pipefail
true | false | true
echo "${PIPESTATUS[@]}"
echo $((RANDOM >= 0)) ${#RANDOM} | sed 's/ .*//'
until ((--x < 3)); do :; done
echo $x
let 'z = 3 * 4'
echo $z
type -t echo f if ls
declare -p out x | sed 's/out=.*/out/'
declare -r fixed=1
(fixed=2) 2>/dev/null || echo readonly
declare -i number=7*6
echo $number
[ -v number ] && echo set
echo "$BASH_SUBSHELL $(echo $BASH_SUBSHELL) ${BASH_SOURCE##*/}"
cat <<<"here string $number"
