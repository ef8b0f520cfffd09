# For every interactive bash.
[[ $- == *i* ]] || return

shopt -s checkwinsize histappend
HISTSIZE=2000 HISTFILESIZE=4000 HISTCONTROL=ignoreboth
export EDITOR=vi PAGER=less LESS=-FRX

if [[ $TERM == dumb ]]; then
	PS1='\u@\h:\w\$ '
else
	PS1='\[\e[1;32m\]\u@\h\[\e[0m\]:\[\e[1;34m\]\w\[\e[0m\]\$ '
	eval "$(dircolors -b)"
	alias ls='ls --color=auto' grep='grep --color=auto' diff='diff --color=auto'
fi
alias ll='ls -l' la='ls -A'

if [[ -r /usr/share/bash-completion/bash_completion ]]; then
	. /usr/share/bash-completion/bash_completion
fi
