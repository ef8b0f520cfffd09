# Work beside the exerciser while domains die, until there is /tmp/struck. Each
# says only what is wrong, and into the kernel's log what it did.
#
#   archives FOLDER    tar there and back, everything summed
#   compiler FOLDER    make and tcc: the objects are those of the first time
#   data_base FOLDER   sqlite: transactions, counted, and its own check

# Names and bytes of a tree.
tree() {
	(cd "$1" && find . -type f | sort | xargs md5sum && find . | sort) |
		md5sum
}

rounds() {
	work=$1
	shift
	n=0
	until [ -e /tmp/struck ]; do
		n=$((n + 1))
		"$work" "$@" || echo "$work: failed in round $n"
	done
	echo "rounds: $n of $work" > /dev/kmsg
}

archive() {
	cp /tmp/all.tar "$1/$n.tar" && mkdir "$1/$n" &&
		tar xf "$1/$n.tar" -C "$1/$n" || return
	[ "$(md5sum < "$1/$n.tar")" = "$want" ] || echo "bytes, round $n"
	[ "$(tree "$1/$n")" = "$whole" ] || echo "tree, round $n"
	rm -r "$1/$n" "$1/$n.tar"
}

archives() {
	(cd / && tar cf /tmp/all.tar etc usr/bin/[a-e]*) && mkdir /tmp/all &&
		tar xf /tmp/all.tar -C /tmp/all || return
	want=$(md5sum < /tmp/all.tar) whole=$(tree /tmp/all)
	rounds archive "$1"
}

# gcc has files of its own between its parts. An object that is older than
# its source is made again.
build() {
	cp /src/* "$1" && cd "$1" && make -s && touch judge.c && make -s &&
		gcc -O0 -c -o one.o /tmp/one.c && md5sum ./*.o all > sums
}

compile() {
	mkdir "$1/build" && (build "$1/build") || return
	cmp -s "$1/build/sums" /tmp/sums || echo "objects, round $n"
	rm -r "$1/build"
}

compiler() {
	export TMPDIR="$1"
	cat > /src/Makefile <<-'MAKE'
	all: $(patsubst %.c,%.o,$(wildcard *.c)); tcc -o $@.new $^ && mv $@.new $@
	%.o: %.c exercise.h; tcc -D_GNU_SOURCE -c -o $@.new $< && mv $@.new $@
	MAKE
	echo 'int one(void) { return 1; }' > /tmp/one.c
	mkdir /tmp/build && (build /tmp/build) && mv /tmp/build/sums /tmp &&
		rounds compile "$1"
}

transaction() {
	sqlite3 x.db "begin; insert into t(x) values('$n');" \
		"update t set x = x || '.' where n % 7 = $n % 7; commit" ||
		return
	[ $((n % 20)) != 0 ] ||
		[ "$(sqlite3 x.db 'pragma integrity_check')" = ok ] ||
		echo "integrity, round $n"
	[ "$(sqlite3 x.db 'select count(*) from t')" = $n ] ||
		echo "count, round $n"
}

data_base() {
	cd "$1" && sqlite3 x.db 'create table t(n integer primary key, x text)' &&
		rounds transaction
}
