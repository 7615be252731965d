// A hub of its own: `child.ts FOLDER FILE AFTER`. It starts an import of the file, or goes on with the one that it finds,
// and kills itself as `kill -9` does when the progress was told AFTER times; 0: it runs to the end.
import { Desk } from './kit.ts'

const [folder = '', file = '', after = '0'] = process.argv.slice(2)
const desk = new Desk(folder)
let told = 0
desk.onHappening = () => {
  told += 1
  if (told === Number(after)) process.kill(process.pid, 'SIGKILL')
}
const { items } = await desk.ask('imports.list', {})
if (items.length > 0) desk.imports.start()
else await desk.start(file, { onDuplicate: 'update', list: 'All', tags: ['new'], consent: { source: 'Form' } })
await desk.imports.idle()
await desk.close()
