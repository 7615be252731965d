import { Kbd, Modal, Table, Text } from '@mantine/core'
import { useEffect, useRef } from 'react'
import { useLocation } from 'wouter'
import { useTriage } from './triage.tsx'

/** Where keys belong to what has the focus: fields, open menus and dialogs. */
const TAKEN =
  'input:not([type="radio"]):not([type="checkbox"]), textarea, select, [contenteditable="true"], [role="dialog"], [role="menu"], [role="listbox"], [role="combobox"]'
/** Where the arrows scroll or choose. */
const TAKES_ARROWS = 'input, [role="log"], [role="radiogroup"]'

/** Hears the keys of the inbox, wherever the focus is, unless something is being written or asked. */
export function useTriageKeys(): void {
  const triage = useTriage()
  const [, go] = useLocation()
  const { open } = triage
  const on = useRef<(key: string, target: Element) => boolean>(() => false)
  on.current = (key, target) => {
    const needsThread: Readonly<Record<string, () => void>> = {
      e: () => triage.close(open!),
      s: () => triage.ask('snooze'),
      a: () => triage.ask('assign'),
      o: () => open!.number.startsWith('+') && triage.ask('opt-out'),
      r: () => triage.write('reply'),
      n: () => triage.write('note'),
      t: () => triage.write('saved'),
    }
    const always: Readonly<Record<string, () => void>> = {
      j: () => triage.step(1),
      k: () => triage.step(-1),
      z: () => triage.undo(),
      '/': () => {
        go('/inbox/search')
        // It takes the focus itself when it was not there yet.
        document.querySelector<HTMLElement>('[data-said-search]')?.focus()
      },
      '?': () => triage.ask('keys'),
    }
    const arrows: Readonly<Record<string, () => void>> = {
      ArrowDown: () => triage.step(1),
      ArrowUp: () => triage.step(-1),
    }
    const act = (open ? needsThread[key] : undefined) ?? always[key]
    const arrow = target.closest(TAKES_ARROWS) ? undefined : arrows[key]
    const does = act ?? arrow
    does?.()
    return does !== undefined
  }
  useEffect(() => {
    const hear = (event: KeyboardEvent): void => {
      const { key, target } = event
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return
      if (!(target instanceof Element) || target.closest(TAKEN)) return
      // What has just opened gets the focus a moment later.
      if (document.querySelector('[role="dialog"][aria-modal="true"], [role="menu"]')) return
      if (on.current(key, target)) event.preventDefault()
    }
    document.addEventListener('keydown', hear)
    return () => document.removeEventListener('keydown', hear)
  }, [])
}

const KEYS: readonly (readonly [keys: readonly string[], does: string])[] = [
  [['j', '↓'], 'Next thread'],
  [['k', '↑'], 'Thread before'],
  [['r'], 'Reply'],
  [['Ctrl Enter'], 'Send the reply, or keep the note'],
  [['Ctrl Shift Enter'], 'Send the reply and close the thread'],
  [['t'], 'Saved replies'],
  [['n'], 'Write a note; @name calls somebody'],
  [['e'], 'Close the thread, or open it again'],
  [['s'], 'Snooze'],
  [['a'], 'Assign'],
  [['o'], 'Opt the number out'],
  [['z'], 'Undo'],
  [['/'], 'Search everything that was said'],
  [['Esc'], 'Out of a field, back to the list'],
  [['?'], 'Show these keys'],
]

/** The keys of the inbox, for those who ask. */
export function KeysDialog({ onClose }: { readonly onClose: () => void }) {
  return (
    <Modal opened onClose={onClose} title="Keys of the inbox" centered>
      <Table>
        <Table.Tbody>
          {KEYS.map(([keys, does]) => (
            <Table.Tr key={does}>
              <Table.Td w={150}>
                {keys.map(key => (
                  <Kbd key={key} size="xs" mr={4}>
                    {key}
                  </Kbd>
                ))}
              </Table.Td>
              <Table.Td>
                <Text size="sm">{does}</Text>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Modal>
  )
}
