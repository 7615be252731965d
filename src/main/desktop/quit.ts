import type { MessageBoxOptions, MessageBoxReturnValue } from 'electron'
import { counted, type Running } from './running.ts'

export type QuitChoice = 'quit' | 'hide' | 'stay'

/**
 * What is asked before the application ends while campaigns run; null where there is nothing to ask. `canHide`: whether
 * there is a tray that brings the window back.
 */
export function quitQuestion({ campaigns }: Running, canHide: boolean): MessageBoxOptions | null {
  if (campaigns.length === 0) return null
  const names = campaigns.slice(0, 3).map(campaign => `"${campaign.name}"`)
  const more = campaigns.length > 3 ? ` and ${campaigns.length - 3} more` : ''
  return {
    type: 'warning',
    title: 'Campaign Connector',
    message: `${counted(campaigns.length, 'campaign')} running`,
    detail: `${names.join(', ')}${more}.\n\nWithout the application nothing is sent: the phones stop within half a minute. Nothing is lost, and sending goes on when you start it again.`,
    buttons: ['Quit', ...(canHide ? ['Go on in the background'] : []), 'Stay'],
    defaultId: 1,
    cancelId: canHide ? 2 : 1,
    noLink: true,
  }
}

export async function askQuit(
  running: Running,
  canHide: boolean,
  ask: (options: MessageBoxOptions) => Promise<Pick<MessageBoxReturnValue, 'response'>>,
): Promise<QuitChoice> {
  const question = quitQuestion(running, canHide)
  if (!question) return 'quit'
  const { response } = await ask(question)
  if (response === 0) return 'quit'
  return canHide && response === 1 ? 'hide' : 'stay'
}
