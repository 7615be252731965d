import type { PageEvent, SavingName, Session } from '../../shared/bridge.ts'
import type { Answer } from '../../shared/errors.ts'
import type { GivenOf, OperationName, OutputOf } from '../../shared/operations/index.ts'
import type { Upload } from '../../shared/operations/uploads.ts'

/** How the pages reach the hub: through the bridge of the window, or over HTTP in a browser. */
export interface Transport {
  readonly kind: 'window' | 'web'
  call<N extends OperationName>(name: N, input: GivenOf<N>): Promise<Answer<OutputOf<N>>>
  readonly session: Session
  /** `onProgress`: from 0 to 1, where the file has to travel. */
  upload(file: File, onProgress: (share: number) => void): Promise<Answer<Upload>>
  /** Writes a file where the person wants it. Null: the person thought better of it. */
  save<N extends SavingName>(
    name: N,
    input: Omit<GivenOf<N>, 'path'>,
    fileName: string,
  ): Promise<Answer<{ readonly rows?: number; readonly path?: string } | null>>
  /** Returns the function that ends the subscription. */
  listen(listener: (event: PageEvent) => void): () => void
}
