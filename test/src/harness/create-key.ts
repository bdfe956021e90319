import { startNode } from './node-process.ts'

/** Creates a key with the operator's command, as a person would. */
export async function createKey(env: NodeJS.ProcessEnv, scope: string): Promise<string> {
  const command = ['key', 'create', '--name', 'test', '--scope', scope, '--json']
  const { code, stdout, stderr } = await startNode('server/src/cli/stagewatch.ts', command, env).ended
  if (code !== 0) throw new Error(`the key was not created: ${stderr}`)
  const answer = JSON.parse(stdout) as { key: string }
  return answer.key
}
