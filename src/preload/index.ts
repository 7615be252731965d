import { contextBridge, type IpcRendererEvent, ipcRenderer, webUtils } from 'electron'
import type { Connector, PageEvent } from '../shared/bridge.ts'

/** Put in when this file is built: it may load nothing but electron. */
declare const OPERATION_NAMES: readonly string[]
declare const CHANNELS: Readonly<
  Record<'operation' | 'session' | 'upload' | 'save' | 'window' | 'restore' | 'guide' | 'events', `connector:${string}`>
>

const { operation, session, upload, save, window: settings, restore, guide, events } = CHANNELS
const call = <T>(channel: string, ...given: unknown[]): Promise<T> => ipcRenderer.invoke(channel, ...given)

const connector: Connector = {
  operations: Object.fromEntries(
    OPERATION_NAMES.map(name => [name, (input: unknown) => call(operation, name, input)]),
  ) as never,
  session: {
    state: () => call(session, 'state'),
    signIn: input => call(session, 'signIn', input),
    signOut: () => call(session, 'signOut'),
    begin: input => call(session, 'begin', input),
    lock: () => call(session, 'lock'),
    unlock: input => call(session, 'unlock', input),
  },
  files: {
    upload: file => call(upload, pathOf(file)),
    save: (name, input, fileName) => call(save, name, input, fileName),
  },
  window: {
    settings: () => call(settings, 'settings'),
    change: input => call(settings, 'change', input),
    checkForUpdates: () => call(settings, 'checkForUpdates'),
  },
  restore: {
    choose: () => call(restore, 'choose'),
    run: order => call(restore, 'run', order),
  },
  openGuide: topic => call(guide, topic),
  on: listener => {
    // The page gets what happened, and never the event with its way to the sender.
    const hear = (_event: IpcRendererEvent, happened: readonly PageEvent[]): void => {
      for (const one of happened) listener(one)
    }
    ipcRenderer.on(events, hear)
    return () => void ipcRenderer.removeListener(events, hear)
  },
}

/** Empty for what a page has made up: only a file that a person has picked has a path. */
function pathOf(file: File): string {
  try {
    return webUtils.getPathForFile(file)
  } catch {
    return ''
  }
}

contextBridge.exposeInMainWorld('connector', connector)
