import { Button, Group } from '@mantine/core'

/** Asks for the next page of a list. */
export function More({
  list,
}: {
  readonly list: { readonly hasMore: boolean; readonly loadingMore: boolean; readonly more: () => void }
}) {
  if (!list.hasMore) return null
  return (
    <Group justify="center">
      <Button variant="default" size="compact-sm" loading={list.loadingMore} onClick={list.more}>
        Show more
      </Button>
    </Group>
  )
}
