# Sourced by measure-card.sh and measure-sockets.sh, which say what they are called (name), how they are used (usage), and
# what else they need (need_more): a measuring program of measure/common/ and a folder beside it is compiled into a
# temporary folder, which is gone when the script ends, and run.
here=$(cd "$(dirname "$0")" && pwd)

lack() {
    echo "$name: $*" >&2
    exit 3
}

refuse() {
    echo "$name: $*" >&2
    exit 2
}

compile() { # FOLDER LIBRARY...: the program is $work/bench
    command -v cc >/dev/null || lack 'missing: cc (Debian: apt-get install gcc libc6-dev)'
    need_more
    work=$(mktemp -d)
    trap 'rm -rf "$work"' EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM HUP
    cc -std=gnu11 -D_GNU_SOURCE -O2 -I "$here/measure" -o "$work/bench" "$here"/measure/common/*.c "$here/measure/$1"/*.c "${@:2}" ||
        lack 'the measuring program does not compile here'
}

run() { # as the script was called
    "$work/bench" "$@" &
    bench=$!
    trap 'kill "$bench" 2>/dev/null; wait "$bench" 2>/dev/null; exit 130' INT
    trap 'kill "$bench" 2>/dev/null; wait "$bench" 2>/dev/null; exit 143' TERM HUP
    wait "$bench"
}

measure() { # PROGRAM, what compile wants, with blanks between; then what the script was called with
    local program=$1 word
    shift
    for word; do
        case $word in --help | -h) usage && exit 0 ;; esac
    done
    if [ "${1:-}" != --compile ]; then
        compile $program
        run "$@"
        return
    fi
    [ $# -eq 2 ] || refuse '--compile needs a file and nothing else'
    compile $program
    cp "$work/bench" "$2" 2>/dev/null || refuse "--compile: $2 cannot be written"
}
