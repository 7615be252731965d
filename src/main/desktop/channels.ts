/** The channels between page and main process. The preload has the same names put in when it is built. */
export const CHANNELS = {
  operation: 'connector:operation',
  session: 'connector:session',
  upload: 'connector:upload',
  save: 'connector:save',
  window: 'connector:window',
  restore: 'connector:restore',
  guide: 'connector:guide',
  events: 'connector:events',
} as const
