import { expect, it } from 'vitest'
import { legendEdges } from './heat-legend.tsx'

it('the edges are percentages when all stages share a tolerance, else multiples of it', () => {
  expect(legendEdges([0.1, 0.1])).toEqual(['0', '5', '10', '15', '25'])
  expect(legendEdges([0.05])).toEqual(['0', '2.5', '5', '7.5', '12.5'])
  expect(legendEdges([0.1, 0.2])).toEqual(['0', '½', '', '1.5×', '2.5×'])
})
