import { Button, NumberInput } from '@mantine/core'
import { proposeDensity, type Density } from '@stagewatch/shared/domain/viewing-density.ts'
import { clsx } from 'clsx'
import { useState } from 'react'
import formStyles from '../../components/form/form.module.css'
import { SegmentedField } from '../../components/form/segmented-field.tsx'
import layout from '../../components/layout/layout.module.css'
import note from '../../components/note.module.css'
import { formatTenths } from '../../format/quantity.ts'
import { useText } from '../../locales/use-text.ts'

interface DensityFieldProps {
  readonly value: Density
  readonly onChange: (density: Density) => void
}

/** A choice, with a recommendation based on the size of the screen and the viewing distance. */
export function DensityField({ value, onChange }: DensityFieldProps) {
  const { t, language } = useText()
  const [diagonalInch, setDiagonalInch] = useState<number>()
  const [distanceM, setDistanceM] = useState<number>()
  const proposal =
    diagonalInch === undefined || distanceM === undefined ? undefined : proposeDensity(diagonalInch, distanceM)
  return (
    <fieldset className={formStyles['fieldset']}>
      <legend>{t('density.title')}</legend>
      <p className={layout['meta']}>{t('density.text')}</p>
      <div className={formStyles['fields']}>
        <NumberInput
          label={t('density.diagonal')}
          suffix={t('density.inch')}
          min={10}
          max={400}
          value={diagonalInch ?? ''}
          onChange={(inch) => setDiagonalInch(positive(inch))}
        />
        <NumberInput
          label={t('density.distance')}
          suffix={t('density.metre')}
          min={0.5}
          max={100}
          decimalScale={1}
          value={distanceM ?? ''}
          onChange={(metres) => setDistanceM(positive(metres))}
        />
      </div>
      {proposal !== undefined && (
        <div className={clsx(note['note'], !proposal.legible && note['warning'])} role="status">
          <p>
            {t(proposal.legible ? 'density.proposal' : 'density.tooFar', {
              density: t(`density.${proposal.density}`),
              angle: formatTenths(proposal.angleArcMin, language),
            })}
          </p>
          {proposal.density !== value && (
            <Button variant="default" onClick={() => onChange(proposal.density)}>
              {t('density.take', { density: t(`density.${proposal.density}`) })}
            </Button>
          )}
        </div>
      )}
      <SegmentedField
        label={t('density.label')}
        value={value}
        options={{ standard: t('density.standard'), andon: t('density.andon') }}
        onChange={onChange}
      />
    </fieldset>
  )
}

function positive(value: string | number): number | undefined {
  return typeof value === 'number' && value > 0 ? value : undefined
}
