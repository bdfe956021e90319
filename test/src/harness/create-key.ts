import { runNode } from './node-process.ts'

/** Creates a key with the CLI, like a person would. */
export async function createKey(env: NodeJS.ProcessEnv, scope: string): Promise<string> {
  const command = ['key', 'create', '--name', 'test', '--scope', scope, '--json']
  const { code, stdout, stderr } = await runNode('server/src/cli/stagewatch.ts', command, env)
  if (code !== 0) throw new Error(`the key was not created: ${stderr}`)
  const answer = JSON.parse(stdout) as { key: string }
  return answer.key
}
