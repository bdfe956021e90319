import { startInfo, type StartInfo } from '@stagewatch/shared/contract/start.ts'
import { request } from './request.ts'

/** @throws as `request`. */
export function loadStartInfo(signal?: AbortSignal): Promise<StartInfo> {
  return request({ path: '/api/v1/start', response: startInfo, signal })
}
