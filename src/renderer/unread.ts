import { useEffect } from 'react'
import { useRead } from './api.ts'
import { PRODUCT } from './brand.tsx'

/** How many threads have a reply that nobody has read. */
export function useUnread(): number {
  const { data } = useRead('inbox.counts', {})
  return data?.unread ?? 0
}

/** The title of the window or tab, with what waits in front of it: it is seen where the page itself is not. */
export function useTitle(title: string, unread = 0): void {
  useEffect(() => {
    document.title = `${unread > 0 ? `(${unread}) ` : ''}${title} · ${PRODUCT}`
  }, [title, unread])
}
