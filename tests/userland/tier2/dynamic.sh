# Dynamically linked programs, threads among them.
/test/bin/thread-dynamic | grep -v '^ok'
ldd /bin/bash | sed 's/ (0x.*//;s/=>.*lib/=> lib/' | sort | head -3
/lib/ld-linux.so.2 /bin/echo by the loader
LD_PRELOAD=/none.so echo preload 2>/dev/null
LD_BIND_NOW=1 echo bound
/lib/ld-linux.so.2 --list /bin/true | grep -c libc
mv /bin/none /x 2>&1 | sed 's/.*: //'
