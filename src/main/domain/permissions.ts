import { PERMISSIONS, type Permission, type Role } from '../../shared/operations/define.ts'

const OPERATOR: readonly Permission[] = [
  'account:own',
  'campaigns:read',
  'campaigns:write',
  'contacts:read',
  'contacts:write',
  'imports:read',
  'imports:write',
  'inbox:read',
  'inbox:write',
  'messages:decide',
  'phones:read',
  'settings:read',
  'sms:send',
  'suppression:read',
  'suppression:write',
  'system:read',
]

const GRANTED: Record<Role, ReadonlySet<Permission>> = {
  admin: new Set(PERMISSIONS),
  user: new Set(OPERATOR),
  termux: new Set<Permission>(['sms:send']),
}

export function mayDo(role: Role, permission: Permission): boolean {
  return GRANTED[role].has(permission)
}
