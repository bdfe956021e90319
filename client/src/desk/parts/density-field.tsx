import { Button, NumberInput } from '@mantine/core'
import { proposeDensity, type Density } from '@stagewatch/shared/domain/viewing-density.ts'
import { useState } from 'react'
import { useText } from '../../text/use-text.ts'
import { Choice } from './choice.tsx'

interface DensityFieldProps {
  readonly value: Density
  readonly onChange: (density: Density) => void
}

/** A choice, and a proposal by how large the screen is and how far away people stand. */
export function DensityField({ value, onChange }: DensityFieldProps) {
  const { t } = useText()
  const [diagonalInch, setDiagonalInch] = useState<number>()
  const [distanceM, setDistanceM] = useState<number>()
  const proposal =
    diagonalInch === undefined || distanceM === undefined ? undefined : proposeDensity(diagonalInch, distanceM)
  return (
    <fieldset className="fieldset">
      <legend>{t('desk.density.title')}</legend>
      <p className="meta">{t('desk.density.text')}</p>
      <div className="fields">
        <NumberInput
          label={t('desk.density.diagonal')}
          suffix={t('desk.density.inch')}
          min={10}
          max={400}
          value={diagonalInch ?? ''}
          onChange={(inch) => setDiagonalInch(positive(inch))}
        />
        <NumberInput
          label={t('desk.density.distance')}
          suffix={t('desk.density.metre')}
          min={0.5}
          max={100}
          decimalScale={1}
          value={distanceM ?? ''}
          onChange={(metres) => setDistanceM(positive(metres))}
        />
      </div>
      {proposal !== undefined && (
        <div className={proposal.legible ? 'note' : 'note note--warning'} role="status">
          <p>
            {t(proposal.legible ? 'desk.density.proposal' : 'desk.density.tooFar', {
              density: t(`desk.density.${proposal.density}`),
              angle: proposal.angleArcMin.toFixed(1),
            })}
          </p>
          {proposal.density !== value && (
            <Button variant="default" onClick={() => onChange(proposal.density)}>
              {t('desk.density.take', { density: t(`desk.density.${proposal.density}`) })}
            </Button>
          )}
        </div>
      )}
      <Choice
        label={t('desk.density.label')}
        value={value}
        options={{ standard: t('desk.density.standard'), andon: t('desk.density.andon') }}
        onChange={onChange}
      />
    </fieldset>
  )
}

function positive(value: string | number): number | undefined {
  return typeof value === 'number' && value > 0 ? value : undefined
}
