import { Box, Button, FileButton, Group, Input, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import { LOGO_EDGE, MOST_LOGO_BYTES } from '../../../shared/operations/branding.ts'
import { useChange, useRead } from '../../api.ts'
import { useBrand } from '../../brand.tsx'
import { Problem } from '../../components/problem.tsx'

/** The organisation's logo: taken and removed at once, since it is a file and no word that could be edited. */
export function Logo() {
  const { logo } = useBrand()
  const { data } = useRead('branding.get', {})
  const set = useChange('branding.set-logo')
  const remove = useChange('branding.remove-logo')
  const [problem, setProblem] = useState<Error | null>(null)
  const take = async (file: File | null): Promise<void> => {
    if (!file) return
    setProblem(null)
    remove.reset()
    // The hub says the same; a file of a gigabyte need not be read for it.
    if (file.size > MOST_LOGO_BYTES) {
      setProblem(new Error(`The file may have ${MOST_LOGO_BYTES / 1024} KiB at most. This one is larger.`))
      return
    }
    set.mutate({ image: base64(new Uint8Array(await file.arrayBuffer())) })
  }
  return (
    <Input.Wrapper
      label="Logo"
      description={`A PNG, JPEG or WebP image of up to ${MOST_LOGO_BYTES / 1024} KiB and ${LOGO_EDGE.most} × ${LOGO_EDGE.most} pixels. Everybody who opens the screen to sign in sees it.`}
    >
      <Stack gap="sm" mt="xs">
        <Group gap="md">
          {logo !== null && data?.logo && (
            <>
              <Box
                component="img"
                className="logo"
                src={logo}
                alt="The logo"
                h={40}
                maw={160}
                style={{ objectFit: 'contain' }}
              />
              <Text size="xs" c="dimmed" className="figures">
                {data.logo.width} × {data.logo.height}
              </Text>
            </>
          )}
          <FileButton accept="image/png,image/jpeg,image/webp" onChange={file => void take(file)}>
            {props => (
              <Button {...props} variant="default" size="compact-sm" loading={set.isPending}>
                {data?.logo ? 'Choose another' : 'Choose a file'}
              </Button>
            )}
          </FileButton>
          {data?.logo && (
            <Button
              variant="subtle"
              color="gray"
              size="compact-sm"
              loading={remove.isPending}
              onClick={() => {
                set.reset()
                setProblem(null)
                remove.mutate({})
              }}
            >
              Remove
            </Button>
          )}
        </Group>
        <Problem error={problem ?? set.error ?? remove.error} />
      </Stack>
    </Input.Wrapper>
  )
}

function base64(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) text += String.fromCharCode(byte)
  return btoa(text)
}
