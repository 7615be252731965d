import { importSettingsSchema } from '../src/shared/imports/settings.ts'
import { checkFile } from '../src/main/services/imports/check.ts'
const r = await checkFile(process.argv[2]!, importSettingsSchema.parse({ options: { defaultCountry: process.argv[3] ?? null } }))
const { rejected, flagged, ...rest } = r
console.log(JSON.stringify(rest, null, 1)); for (const x of rejected) console.log(x.row, x.code, JSON.stringify(x.value).slice(0, 90)); for (const x of flagged) console.log(x.row, x.column, x.code, JSON.stringify(x.value).slice(0, 60))
