/**
 * Entry of the simulator. The wrapper scripts in a phone's folder call it as `main <command> <phone dir> ...`, once
 * for each Termux command, hundreds of times in a demo: so it loads only what the command needs. (Even importing
 * `node:process` instead of using the global costs several milliseconds.)
 */
const [command = '', dir = '', ...args] = process.argv.slice(2)
process.exitCode = await run(command, dir, args)

async function run(command: string, dir: string, args: string[]): Promise<number> {
  try {
    switch (command) {
      case 'termux-sms-send':
        return await (await import('./send.ts')).smsSend(dir, args)
      case 'termux-sms-list':
        return await (await import('./list.ts')).smsList(dir, args)
      case 'termux-battery-status':
        return await (await import('./device.ts')).batteryStatus(dir, args)
      case 'termux-telephony-deviceinfo':
        return await (await import('./device.ts')).deviceInfo(dir, args)
      case 'termux-wake-lock':
      case 'termux-wake-unlock':
        return (await import('./device.ts')).wakeLock(dir, args, command)
      case 'termux-notification':
        return await (await import('./notification.ts')).notification(dir, args)
      case 'termux-notification-remove':
        return await (await import('./notification.ts')).notificationRemove(dir, args)
      case 'termux-api':
        return (await import('./device.ts')).termuxApi(dir, args)
      case 'getprop':
        return (await import('./device.ts')).getprop(dir, args)
      default:
        return await (await import('./cli.ts')).simulatorCommand(command, dir, args)
    }
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`)
    return 1
  }
}
