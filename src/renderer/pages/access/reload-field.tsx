import { Textarea, type TextareaProps } from '@mantine/core'

/** Asks for a command that makes the proxy read a file again: one argument a line, so that no shell has to read it. */
export function ReloadField(props: TextareaProps) {
  return <Textarea autosize minRows={2} classNames={{ input: 'exact' }} {...props} />
}

/** The arguments as they are written, and back. Null: no command. */
export function reloadText(reload: readonly string[] | null | undefined): string {
  return reload?.join('\n') ?? ''
}

export function reloadOf(text: string): string[] | null {
  const words = text.split('\n').filter(line => line !== '')
  return words.length === 0 ? null : words
}
