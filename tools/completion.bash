# Completes the verbs, options and files of regiontrace and regionviz, as their --help says them.
#
#   bash:  source tools/completion.bash
#   zsh:   autoload -U compinit bashcompinit; compinit; bashcompinit; source tools/completion.bash

_understory_verbs() {
        "$1" --help 2> /dev/null | sed -n 's/^  \([a-z]*\)  *[a-z].*/\1/p'
}

_understory_options() {
        "$1" "$2" --help 2> /dev/null | sed -n 's/^ *\(-[a-zA-Z], \)\{0,1\}\(--[a-z-]*\).*/\2/p'
}

_understory() {
        local command=$1 word=${COMP_WORDS[COMP_CWORD]} candidate
        local candidates=
        COMPREPLY=()

        if [ "$COMP_CWORD" -eq 1 ]; then
                candidates=$(_understory_verbs "$command")
        elif [ "${word#-}" != "$word" ]; then
                candidates=$(_understory_options "$command" "${COMP_WORDS[1]}")
        else
                candidates=$(compgen -f -- "$word")
        fi
        while IFS= read -r candidate; do
                case $candidate in
                "") ;;
                "$word"*) COMPREPLY+=("$candidate") ;;
                esac
        done <<< "$candidates"
}

complete -o filenames -F _understory regiontrace regionviz build/regiontrace build/regionviz
