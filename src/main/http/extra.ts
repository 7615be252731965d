import type { Permission, Route } from '../../shared/operations/define.ts'

/** A route that is no operation of the table, for the OpenAPI document and for whoever walks over all routes. */
export interface ExtraRoute extends Route {
  readonly name: string
  readonly summary: string
  /** Null: nobody has to be known. */
  readonly permission: Permission | null
  /** In web mode only. */
  readonly web?: true
}

export const EXTRA_ROUTES: readonly ExtraRoute[] = [
  {
    ...{ name: 'health', method: 'GET', path: '/health', permission: null },
    summary: 'Whether the hub answers.',
  },
  {
    ...{ name: 'openapi', method: 'GET', path: '/api/openapi.json', permission: 'account:own' },
    summary: 'This document.',
  },
  {
    ...{ name: 'events', method: 'GET', path: '/api/events', permission: 'system:read' },
    summary: 'Progress of campaigns, texts that come in and states of phones, as server-sent events.',
  },
  {
    ...{ name: 'uploads.csv', method: 'POST', path: '/api/csv/upload', permission: 'imports:write' },
    summary: 'Takes a list of contacts as a file, for /api/imports/preview and /api/imports/start.',
  },
  {
    ...{ name: 'uploads.campaign', method: 'POST', path: '/api/campaign/upload', permission: 'campaigns:write' },
    summary: 'Takes a list of contacts as a file, imports it, and makes a draft of a campaign to these contacts.',
  },
  {
    ...{ name: 'auth.login', method: 'POST', path: '/api/auth/login', permission: null, web: true },
    summary: 'Signs in: the session comes as a cookie, the CSRF token in the answer.',
  },
  {
    ...{ name: 'auth.logout', method: 'POST', path: '/api/auth/logout', permission: 'account:own', web: true },
    summary: 'Ends the session.',
  },
]
