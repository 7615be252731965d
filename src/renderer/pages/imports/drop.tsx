import { Anchor, Button, Center, Progress, Stack, Text, ThemeIcon } from '@mantine/core'
import { IconFileSpreadsheet } from '@tabler/icons-react'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { ApiError, refresh } from '../../api.ts'
import { Problem } from '../../components/problem.tsx'
import { percent } from '../../lib/times.ts'
import { transport } from '../../transport/index.ts'

/** Takes a file that is dropped or chosen, and hands on the id under which the hub has it. */
export function Drop({ onReceived }: { readonly onReceived: (upload: string) => void }) {
  const client = useQueryClient()
  const input = useRef<HTMLInputElement>(null)
  const [over, setOver] = useState(false)
  const [share, setShare] = useState(0)
  const send = useMutation({
    mutationFn: async (file: File) => {
      setShare(0)
      const answer = await transport.upload(file, setShare)
      if (!answer.ok) throw new ApiError(answer.error)
      await refresh(client, ['uploads'])
      return answer.data
    },
    onSuccess: upload => onReceived(upload.id),
  })
  const take = (files: FileList | null): void => {
    const file = files?.[0]
    if (file) send.mutate(file)
  }
  useEffect(refuseStrayDrops, [])
  return (
    <Stack>
      <Problem error={send.error} title="This list could not be taken" />
      <Center
        className="drop"
        mih={280}
        p="xl"
        data-over={over || undefined}
        onDragOver={event => {
          event.preventDefault()
          setOver(true)
        }}
        onDragLeave={() => setOver(false)}
        onDrop={event => {
          event.preventDefault()
          setOver(false)
          if (!send.isPending) take(event.dataTransfer.files)
        }}
      >
        <Stack align="center" gap="sm" ta="center" maw={460}>
          <ThemeIcon variant="light" size={56} radius="xl">
            <IconFileSpreadsheet size={30} stroke={1.5} aria-hidden />
          </ThemeIcon>
          {send.isPending ? (
            <>
              <Text fw={600} aria-live="polite">
                {share < 1 && share > 0 ? `Sending the list: ${percent(share)}` : 'Sending the list'}
              </Text>
              <Progress w={280} value={share * 100} animated aria-label="How much of the list was sent" />
            </>
          ) : (
            <>
              <Text fw={600}>Drop a list here</Text>
              <Button onClick={() => input.current?.click()} data-autofocus>
                Choose a file
              </Button>
              <Text size="sm" c="dimmed">
                A CSV file with a column of telephone numbers. From a spreadsheet, save it as “CSV UTF-8”. Nothing is
                stored before you have seen what would come in.
              </Text>
            </>
          )}
          <input
            ref={input}
            type="file"
            accept=".csv,.tsv,.txt,text/csv,text/plain"
            hidden
            aria-label="The list to import"
            onChange={event => {
              take(event.currentTarget.files)
              event.currentTarget.value = ''
            }}
          />
        </Stack>
      </Center>
      <Text size="sm" c="dimmed">
        No list at hand?{' '}
        <Anchor href="#/contacts/new" underline="always">
          Add a single contact
        </Anchor>{' '}
        instead.
      </Text>
    </Stack>
  )
}

/** A file that is dropped beside the field would take the place of the page. */
function refuseStrayDrops(): () => void {
  const refuse = (event: DragEvent): void => event.preventDefault()
  window.addEventListener('dragover', refuse)
  window.addEventListener('drop', refuse)
  return () => {
    window.removeEventListener('dragover', refuse)
    window.removeEventListener('drop', refuse)
  }
}
