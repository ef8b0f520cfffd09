# For every interactive bash.
[[ $- == *i* ]] || return

shopt -s checkwinsize histappend
HISTSIZE=2000 HISTFILESIZE=4000 HISTCONTROL=ignoreboth
export EDITOR=vi PAGER=less LESS=-FRX

if [[ $TERM == dumb ]]; then
	PS1='\u@\h:\w\$ '
else
	PS1='\[\e[1;32m\]\u@\h\[\e[0m\]:\[\e[1;34m\]\w\[\e[0m\]\$ '
	alias ls='ls --color=auto' grep='grep --color=auto' diff='diff --color=auto'
fi
alias ll='ls -l' la='ls -A'

# The completions of programs take a moment to load: on the first Tab.
if [[ -r /usr/share/bash-completion/bash_completion ]]; then
	_completions_load()
	{
		. /usr/share/bash-completion/bash_completion
		return 124
	}
	complete -D -F _completions_load
fi
