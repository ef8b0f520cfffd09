# What the shell makes of words: quoting, parameters, arithmetic, splitting,
# patterns, command substitution.
a=one b='two words' c=
echo $a "$b" '$a' "\$a" a\ b "a'b" 'c"d' "$(echo "inner $(echo deep)")"
echo ${a} ${#b} ${c:-default} ${c-unset} ${d-unset} ${d:=given} $d ${a:+other}
path=/usr/lib/file.tar.gz
echo ${path##*/} ${path#*/} ${path%.*} ${path%%.*} ${path%/*}
echo ${b#two } ${b%s} "${b%% *}"
echo $((1 + 2 * 3)) $((7 / 2)) $((-7 / 2)) $((-7 % 3)) $((1 << 10)) $((0x1f))
echo $((010)) $((5 > 3)) $((5 == 3)) $((!0)) $((~5)) $((3 & 6)) $((3 | 6))
echo $((2 > 1 ? 10 : 20)) $((i = 5, i += 3)) $i $((i++)) $i $((--i))
echo $((2147483647 + 1)) $((9223372036854775807))
set -- x 'y z' '' w
echo $# "$@" "[$*]" $2
for word in "$@"; do echo "<$word>"; done
IFS=:
set -- $(echo a:b::c)
echo $# "$1" "$2" "$3" "$4"
echo "$*"
unset IFS
shift 2
echo $# $1 $2
mkdir globs && cd globs
touch a1 a2 b1 .hidden 'with space' ab12
echo *
echo a? [ab]1 a[!1] ?? .h* no*match 'a*' a\*
case file.txt in *.c) echo c ;; *.txt | *.md) echo text ;; *) echo none ;; esac
case abc in [a-c]*) echo range ;; esac
case '*' in \*) echo star ;; esac
cd ..
printf '%s|%5s|%-5s|%05d|%x|%o|%c|%%\n' str right left 42 255 8 char
printf '%s\n' one two three
printf '%b' 'tab\there\n'
printf '%d %s\n' 1 a 2 b
echo "line one
line two" | while read -r first rest; do echo "$first-$rest"; done
echo 'a:b:c' | { IFS=: read x y z; echo "$x $y $z"; }
printf 'back\\slash\n' | { read -r line; echo "$line"; }
cat <<END
here $a $((1 + 1)) $(echo sub) \$a
END
cat <<'END'
here $a $((1 + 1)) $(echo sub) \$a
END
cat <<-END
	tabs
		are gone
	END
eval 'x=5; echo "eval $x"'
y=x
eval echo \$$y
echo "`echo old \`echo style\``"
v=$(printf 'trailing\n\n\n')
echo "[$v]"
echo ~ | grep -c /
echo "${undefined:-"quoted default"}"
(unset nothing; echo ${nothing?is not set}) 2>/dev/null || echo "status $?"
