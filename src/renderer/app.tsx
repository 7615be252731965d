import { MantineProvider } from '@mantine/core'
import { Notifications } from '@mantine/notifications'
import { QueryClientProvider } from '@tanstack/react-query'
import { setNonce } from 'get-nonce'
import { useState } from 'react'
import { Router } from 'wouter'
import { useHashLocation } from 'wouter/use-hash-location'
import { createQueryClient } from './api.ts'
import { Unbroken } from './components/broken.tsx'
import { Restoring } from './restoring.tsx'
import { SessionProvider } from './session.tsx'
import { Gate } from './shell/gate.tsx'
import { cssVariables, theme } from './theme.ts'

/** The policy of content takes styles of this page only with the number that it was served with. */
const nonce = document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? ''
setNonce(nonce)

export function App() {
  const [client] = useState(createQueryClient)
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={cssVariables}
      defaultColorScheme="auto"
      getStyleNonce={() => nonce}
    >
      <QueryClientProvider client={client}>
        {/* At the right are the buttons of dialogs and pages, which a notice must not lie over. */}
        <Notifications position="bottom-left" containerWidth={380} limit={4} />
        <SessionProvider>
          <Router hook={useHashLocation}>
            <Unbroken>
              <Gate />
            </Unbroken>
            <Restoring />
          </Router>
        </SessionProvider>
      </QueryClientProvider>
    </MantineProvider>
  )
}
