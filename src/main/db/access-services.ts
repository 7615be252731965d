import type { Reader, Writer } from './database.ts'

/** How a service asks who somebody is. */
export type AuthType = 'none' | 'basic'

/** Where the htpasswd file of a service lies, and what makes the proxy read it again. */
export interface FilePlace {
  /** Where ssh goes; empty: this computer. */
  readonly host: string
  readonly file: string
  readonly reload: readonly string[] | null
}

/** What an administrator decides of a service. */
export interface ServicePlan {
  readonly name: string
  readonly subdomain: string
  readonly address: string
  readonly authType: AuthType
  readonly place: FilePlace | null
  readonly expiryDays: number | null
  readonly warnDays: number
  /** Its access log on this computer; null: none is read. */
  readonly logFile: string | null
  /** Whether the personal page may put the credential into the address, and let people make new passwords. */
  readonly handOver: boolean
  readonly selfRenewal: boolean
}

export interface ServiceRow extends ServicePlan {
  readonly id: number
  /** Null for a service that asks for nothing. */
  readonly adminUsername: string | null
  readonly adminHash: string | null
  readonly healthAt: number | null
  readonly healthOk: boolean | null
  readonly healthDetail: string
  readonly lookedAt: number | null
  /** Entries of the file that are not as the database has them. */
  readonly drift: number
  /** Why the file could not be read or written; empty: nothing. */
  readonly fileProblem: string
  readonly createdBy: string
  readonly createdAt: number
  readonly updatedAt: number
}

type Stored = Omit<ServiceRow, 'place' | 'healthOk' | 'handOver' | 'selfRenewal'> & {
  handOver: number
  selfRenewal: number
  host: string
  file: string | null
  reload: string | null
  healthOk: number | null
}

const COLUMNS = `id, name, subdomain, address, auth_type AS authType, host, file, reload, expiry_days AS expiryDays,
  warn_days AS warnDays, log_file AS logFile, hand_over AS handOver,
  self_renewal AS selfRenewal, admin_username AS adminUsername, admin_hash AS adminHash, health_at AS healthAt,
  health_ok AS healthOk, health_detail AS healthDetail, looked_at AS lookedAt, drift, file_problem AS fileProblem,
  created_by AS createdBy, created_at AS createdAt, updated_at AS updatedAt`

export function allServices(db: Reader): ServiceRow[] {
  return db.all<Stored>(`SELECT ${COLUMNS} FROM access_services ORDER BY name COLLATE NOCASE, id`).map(rowOf)
}

export function serviceById(db: Reader, id: number): ServiceRow | undefined {
  const row = db.get<Stored>(`SELECT ${COLUMNS} FROM access_services WHERE id = ?`, id)
  return row && rowOf(row)
}

export function serviceBySubdomain(db: Reader, subdomain: string): ServiceRow | undefined {
  const row = db.get<Stored>(`SELECT ${COLUMNS} FROM access_services WHERE subdomain = ?`, subdomain)
  return row && rowOf(row)
}

export function serviceOfFile(db: Reader, host: string, file: string): ServiceRow | undefined {
  const row = db.get<Stored>(`SELECT ${COLUMNS} FROM access_services WHERE host = ? AND file = ?`, host, file)
  return row && rowOf(row)
}

export function insertService(
  db: Writer,
  plan: ServicePlan,
  admin: { username: string; hash: string } | null,
  by: string,
  at: number,
): number {
  return db.run(
    `INSERT INTO access_services (name, subdomain, address, auth_type, host, file, reload, expiry_days, warn_days,
       log_file, hand_over, self_renewal, admin_username, admin_hash, created_by, created_at, updated_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ...planValues(plan),
    admin?.username ?? null,
    admin?.hash ?? null,
    by,
    at,
    at,
  ).id
}

export function updateService(db: Writer, id: number, plan: ServicePlan, at: number): void {
  db.run(
    `UPDATE access_services SET name = ?, subdomain = ?, address = ?, auth_type = ?, host = ?, file = ?, reload = ?,
       expiry_days = ?, warn_days = ?, log_file = ?, hand_over = ?, self_renewal = ?, updated_at = ? WHERE id = ?`,
    ...planValues(plan),
    at,
    id,
  )
}

export function setAdminHash(db: Writer, id: number, hash: string): void {
  db.run('UPDATE access_services SET admin_hash = ? WHERE id = ?', hash, id)
}

/** Its grants have to be gone. */
export function deleteService(db: Writer, id: number): void {
  db.run('DELETE FROM access_services WHERE id = ?', id)
}

export function noteHealth(db: Writer, id: number, health: { at: number; ok: boolean; detail: string }): void {
  db.run(
    'UPDATE access_services SET health_at = ?, health_ok = ?, health_detail = ? WHERE id = ?',
    ...[health.at, health.ok ? 1 : 0, health.detail, id],
  )
}

/** What a look at the file has found. */
export function noteLook(db: Writer, id: number, look: { at: number; drift: number; problem: string }): void {
  db.run(
    'UPDATE access_services SET looked_at = ?, drift = ?, file_problem = ? WHERE id = ?',
    ...[look.at, look.drift, look.problem, id],
  )
}

/** The name of the sealed password of the administrators. */
export function adminSecret(serviceId: number): string {
  return `service:${serviceId}`
}

function planValues(plan: ServicePlan) {
  const { name, subdomain, address, authType, place, expiryDays, warnDays, logFile, handOver, selfRenewal } = plan
  const reload = place?.reload ? JSON.stringify(place.reload) : null
  return [
    ...[name, subdomain, address, authType, place?.host ?? '', place?.file ?? null, reload],
    ...[expiryDays, warnDays, logFile, handOver ? 1 : 0, selfRenewal ? 1 : 0],
  ]
}

function rowOf({ host, file, reload, healthOk, handOver, selfRenewal, ...row }: Stored): ServiceRow {
  return {
    ...row,
    handOver: handOver === 1,
    selfRenewal: selfRenewal === 1,
    place: file === null ? null : { host, file, reload: reload === null ? null : (JSON.parse(reload) as string[]) },
    healthOk: healthOk === null ? null : healthOk === 1,
  }
}
