import { PERMISSIONS, type Permission, type Role } from '../../shared/operations/define.ts'

const OPERATOR: readonly Permission[] = [
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
  'suppression:read',
  'suppression:write',
  'system:read',
]

const GRANTED: Record<Role, ReadonlySet<Permission>> = {
  admin: new Set(PERMISSIONS),
  user: new Set(OPERATOR),
  termux: new Set(),
}

export function mayDo(role: Role, permission: Permission): boolean {
  return GRANTED[role].has(permission)
}
