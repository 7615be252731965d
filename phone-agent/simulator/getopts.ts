/** What the shell's `getopts` hands out for one option: `?` for one that is not known, `:` for a missing argument. */
export interface ShellOption {
  option: string
  /** The argument, or for `?` and `:` the letter that caused it. */
  value: string
}

/**
 * Reads arguments as the shell's `getopts` does in the Termux scripts (with a leading colon, so silently).
 * @param spec letters, each followed by a colon when it takes an argument; without the leading colon.
 */
export function getopts(spec: string, args: readonly string[]): { options: ShellOption[]; rest: string[] } {
  const options: ShellOption[] = []
  let index = 0
  for (; index < args.length; index++) {
    const word = args[index] as string
    if (word === '--') {
      index++
      break
    }
    if (!word.startsWith('-') || word === '-') break
    for (let at = 1; at < word.length; at++) {
      const letter = word[at] as string
      const known = letter === ':' ? -1 : spec.indexOf(letter)
      if (known < 0) {
        options.push({ option: '?', value: letter })
        continue
      }
      if (spec[known + 1] !== ':') {
        options.push({ option: letter, value: '' })
        continue
      }
      if (at + 1 < word.length) options.push({ option: letter, value: word.slice(at + 1) })
      else if (index + 1 < args.length) options.push({ option: letter, value: args[++index] as string })
      else options.push({ option: ':', value: letter })
      break
    }
  }
  return { options, rest: args.slice(index) }
}

/** What `echo WORDS` of Termux's shell (dash) writes: words joined by spaces, backslash sequences interpreted. */
export function echo(words: readonly string[]): string {
  const quiet = words[0] === '-n'
  const text = (quiet ? words.slice(1) : words).join(' ')
  let out = ''
  for (let i = 0; i < text.length; i++) {
    const char = text[i] as string
    if (char !== '\\' || i + 1 === text.length) {
      out += char
      continue
    }
    const next = text[++i] as string
    if (next === 'c') return out
    const octal = /^(?:0[0-7]{0,3}|[1-7][0-7]{0,2})/.exec(text.slice(i))?.[0]
    if (octal) {
      out += String.fromCharCode(Number.parseInt(octal, 8) & 0xff)
      i += octal.length - 1
    } else {
      out += ESCAPES[next] ?? `\\${next}`
    }
  }
  return quiet ? out : `${out}\n`
}

const ESCAPES: Record<string, string> = {
  a: '\u0007',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
}
