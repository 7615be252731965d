import { useQueryClient } from '@tanstack/react-query'
import { createContext, type ReactNode, useCallback, useContext, useEffect, useMemo, useState } from 'react'
import type { SessionState, SignedInUser } from '../shared/bridge.ts'
import { transport } from './transport/index.ts'

interface SessionContext {
  /** Null until the hub has answered for the first time. */
  readonly state: SessionState | null
  /** Asks the hub again. */
  refresh(): Promise<void>
  /** Takes what the hub has just said. */
  become(state: SessionState): void
}

const Context = createContext<SessionContext | null>(null)

export function SessionProvider({ children }: { readonly children: ReactNode }) {
  const client = useQueryClient()
  const [state, setState] = useState<SessionState | null>(null)
  const become = useCallback(
    (next: SessionState) => {
      // Nothing of what one person saw stays for the next.
      if (next.kind === 'signed-out' || next.kind === 'first-run') client.clear()
      setState(next)
    },
    [client],
  )
  const refresh = useCallback(async () => become(await transport.session.state()), [become])
  useEffect(() => void refresh(), [refresh])
  const value = useMemo(() => ({ state, refresh, become }), [state, refresh, become])
  return <Context.Provider value={value}>{children}</Context.Provider>
}

export function useSession(): SessionContext {
  const found = useContext(Context)
  if (!found) throw new Error('there is no session around this')
  return found
}

/** The person who is signed in. For pages, which are only shown to one. */
export function useUser(): SignedInUser {
  const { state } = useSession()
  if (state?.kind !== 'signed-in') throw new Error('nobody is signed in')
  return state.user
}
