/** A command as a shell completes it. */
export interface Completable {
  readonly name: string
  readonly summary: string
  /** Long options, without dashes; true: takes a value. */
  readonly options: readonly { readonly name: string; readonly words: string; readonly takesValue: boolean }[]
}

/** Options whose value is a file or a folder. */
const FILES = new Set(['config', 'socket', 'log'])

const dashed = (command: Completable): string => command.options.map(({ name }) => `--${name}`).join(' ')
/** For a text inside single quotes of a shell. */
const quoted = (text: string): string => text.replaceAll("'", "'\\''")

/** For bash. */
export function bashCompletion(commands: readonly Completable[]): string {
  const cases = commands.map((command) => `\t${command.name}) options='${dashed(command)}' ;;`)
  return `# bash completion for warder
_warder() {
	local current previous options
	current=\${COMP_WORDS[COMP_CWORD]}
	previous=\${COMP_WORDS[COMP_CWORD-1]}
	if [ "$COMP_CWORD" = 1 ]; then
		mapfile -t COMPREPLY < <(compgen -W '${commands.map(({ name }) => name).join(' ')} help --help --version' -- "$current")
		return
	fi
	case $previous in
	${[...FILES].map((name) => `--${name}`).join(' | ')}) mapfile -t COMPREPLY < <(compgen -f -- "$current"); return ;;
	esac
	case \${COMP_WORDS[1]} in
${cases.join('\n')}
	*) options='' ;;
	esac
	case $current in
	-*) mapfile -t COMPREPLY < <(compgen -W "$options" -- "$current") ;;
	*) mapfile -t COMPREPLY < <(compgen -f -- "$current") ;;
	esac
}
complete -o filenames -F _warder warder
`
}

/** For zsh. */
export function zshCompletion(commands: readonly Completable[]): string {
  const plain = (text: string): string => quoted(text.replace(/[[\]:]/g, ' '))
  const options = (command: Completable): string =>
    command.options
      .map(({ name, words, takesValue }) => {
        const value = takesValue ? `:${name}:${FILES.has(name) ? '_files' : ' '}` : ''
        return `'--${name}[${plain(words)}]${value}'`
      })
      .join(' ')
  return `#compdef warder
_warder() {
	local -a commands
	commands=(
${commands.map(({ name, summary }) => `\t\t'${name}:${plain(summary)}'`).join('\n')}
	)
	if (( CURRENT == 2 )); then
		_describe command commands
		return
	fi
	case $words[2] in
${commands.map((command) => `\t${command.name}) _arguments ${options(command)} '*:word:_files' ;;`).join('\n')}
	esac
}
_warder "$@"
`
}

/** For fish. */
export function fishCompletion(commands: readonly Completable[]): string {
  const lines = commands.flatMap((command) => [
    `complete -c warder -f -n __fish_use_subcommand -a ${command.name} -d '${quoted(command.summary)}'`,
    ...command.options.map(
      ({ name, words, takesValue }) =>
        `complete -c warder -n '__fish_seen_subcommand_from ${command.name}' -l ${name}${takesValue ? ' -r' : ''} -d '${quoted(words)}'`,
    ),
  ])
  return `# fish completion for warder\n${lines.join('\n')}\n`
}
