import { expect, it } from 'vitest'
import { AppError } from '../app-error.ts'
import { failureAttributes } from './failure-attributes.ts'

it('the attributes of an error contain where it was thrown, and nothing of its message', () => {
  const error = Object.assign(new TypeError('customer Li\n    at Li (home)'), { code: '22P02', detail: 'Li' })
  const told = failureAttributes(error)
  expect(told).toMatchObject({ type: 'TypeError', code: '22P02' })
  expect(told.frames).toContain('failure-attributes.test')
  expect(JSON.stringify(told)).not.toContain('Li')
})

it('a refusal is told by its code', () => {
  expect(failureAttributes(new AppError('not_found', 'there is no order SO-1'))).toEqual({ type: 'not_found' })
})

it('an error whose message was changed later, or that is none, has no frames', () => {
  const error = new Error('first')
  // The stack is made when it is read first.
  expect(error.stack).toContain('first')
  error.message = 'Li'
  expect(failureAttributes(error)).toEqual({ type: 'Error' })
  expect(failureAttributes('Li')).toEqual({ type: 'string' })
  expect(failureAttributes(Object.assign(new Error('x'), { code: 'Li has none' })).code).toBeUndefined()
})
