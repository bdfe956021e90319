// Preloaded in a server: writes the address of each module of OpenTelemetry that the process loads to standard error.
import { registerHooks } from 'node:module'

registerHooks({
  load(url, context, nextLoad) {
    const [, name] = /\/node_modules\/(@opentelemetry\/[^/]+)\/(?!.*\/node_modules\/)/.exec(url) ?? []
    if (name !== undefined) process.stderr.write(`loaded ${name}\n`)
    return nextLoad(url, context)
  },
})
