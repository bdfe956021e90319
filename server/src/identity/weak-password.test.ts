import { describe, expect, it } from 'vitest'
import { requireStrongPassword } from './weak-password.ts'

const known = ['Ada Lovelace', 'ada.lovelace@example.com']
const judge = (password: string) => () => requireStrongPassword(password, 'password', known)

describe('a password', () => {
  it.each([
    'password123',
    'Password123!',
    'qwertyuiop',
    '1234567890',
    'iloveyou123',
    'aaaaaaaaaaaa',
    'abcdefghijk',
    'stagewatch1',
    'lovelace1815',
    'ada.lovelace@example.com',
    '1q2w3e4r5t',
    '13800138000',
    '5201314520',
    'woaini1314520',
    'p@ssw0rd2024',
  ])('is refused: %s', (password) => {
    expect(judge(password)).toThrow(expect.objectContaining({ code: 'weak_password', field: 'password' }))
  })

  it.each([
    'correct horse battery',
    'another horse altogether',
    'tangerine-Fog 7 sails',
    '扳手 螺丝 传送带 九号',
    'x7Gq-04bT-zzKe',
  ])('is taken: %s', (password) => {
    expect(judge(password)).not.toThrow()
  })

  it('of the greatest length is judged in no time', () => {
    const began = performance.now()
    expect(judge('qwertyasdf'.repeat(12))).not.toThrow(TypeError)
    expect(performance.now() - began).toBeLessThan(2_000)
  })
})
