import type { Operation, Route } from '../../shared/operations/define.ts'
import { type OperationName, operations } from '../../shared/operations/index.ts'

export interface OperationRoute extends Route {
  readonly name: OperationName
  readonly operation: Operation
}

/** Every operation that the API offers, with its address. */
export const operationRoutes: readonly OperationRoute[] = operations.flatMap(entry => {
  const operation = entry as Operation
  return operation.http ? [{ ...operation.http, name: entry.name, operation }] : []
})

/** `{id}` as the router writes it. */
export function routerPath(path: string): string {
  return path.replace(/\{(\w+)\}/g, ':$1')
}

/** The same as a pattern that takes whole paths. */
export function pathPattern(path: string): RegExp {
  return new RegExp(`^${path.replace(/[.]/g, '\\.').replace(/\{\w+\}|:\w+/g, '[^/]+')}$`)
}
