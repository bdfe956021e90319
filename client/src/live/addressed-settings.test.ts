import { screenSettings } from '@stagewatch/shared/contract/screen.ts'
import { describe, expect, it } from 'vitest'
import { addressedSettings } from './addressed-settings.ts'

const usual = screenSettings.parse({})
const of = (query: string) => addressedSettings(new URL(`http://hall.test/wall?${query}`), usual)

describe('settings in the address of a wall', () => {
  it('override those of the screen', () => {
    expect(of('theme=day&density=andon&scenes=andon,overview&firstS=5&reducedMotion')).toEqual({
      ...usual,
      theme: 'day',
      density: 'andon',
      scenes: ['andon', 'overview'],
      rotation: { firstS: 5, otherS: 20 },
      reducedMotion: true,
    })
  })

  it('are ignored if they are invalid', () => {
    expect(of('site=sample')).toEqual(usual)
    expect(of('theme=pink&scenes=all&firstS=soon&otherS=1')).toEqual(usual)
  })
})
