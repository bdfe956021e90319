import { Checkbox, NativeSelect, NumberInput, Switch, TextInput } from '@mantine/core'
import { scenes, type ScreenSettings } from '@stagewatch/shared/contract/screen.ts'
import { useText } from '../../text/use-text.ts'
import { BoardField } from './board-field.tsx'
import { Choice } from './choice.tsx'
import { DensityField } from './density-field.tsx'
import { DepartmentsField } from './departments-field.tsx'
import { PrivacyFields } from './privacy-fields.tsx'

interface ScreenFormProps {
  readonly name: string
  readonly settings: ScreenSettings
  /** Departments that the one who sets it up may show; undefined: all. */
  readonly allowed: readonly string[] | undefined
  readonly onName: (name: string) => void
  readonly onSettings: (settings: ScreenSettings) => void
}

/** What hangs there and how it shows what it shows; the same when it is paired and later. */
export function ScreenForm({ name, settings, allowed, onName, onSettings }: ScreenFormProps) {
  const { t } = useText()
  const change = (part: Partial<ScreenSettings>) => onSettings({ ...settings, ...part })
  const { departments, ...withoutDepartments } = settings
  return (
    <>
      <TextInput
        label={t('desk.screen.name')}
        description={t('desk.screen.nameHint')}
        value={name}
        maxLength={60}
        required
        onChange={({ currentTarget }) => onName(currentTarget.value)}
      />
      <BoardField value={settings.board} onChange={(board) => change({ board })} />
      <DepartmentsField
        value={departments}
        suggestions={allowed ?? []}
        mayBeAll={allowed === undefined}
        onChange={(next) => onSettings(next === undefined ? withoutDepartments : { ...settings, departments: next })}
      />
      <Checkbox.Group
        label={t('desk.screen.scenes')}
        description={t('desk.screen.scenesHint')}
        value={settings.scenes}
        error={settings.scenes.length === 0 ? t('desk.screen.noScene') : undefined}
        onChange={(chosen) => change({ scenes: scenes.filter((scene) => chosen.includes(scene)) })}
      >
        <div className="field-group">
          {scenes.map((scene) => (
            <Checkbox key={scene} value={scene} label={t(`desk.screen.scene.${scene}`)} />
          ))}
        </div>
      </Checkbox.Group>
      <DensityField value={settings.density} onChange={(density) => change({ density })} />
      <div className="fields">
        <Choice
          label={t('desk.screen.language')}
          value={settings.language}
          options={{ zh: '中文', en: 'English' }}
          onChange={(language) => change({ language })}
        />
        <Choice
          label={t('desk.screen.theme')}
          value={settings.theme}
          options={{ dark: t('desk.screen.dark'), day: t('desk.screen.day') }}
          onChange={(theme) => change({ theme })}
        />
      </div>
      <fieldset className="fieldset">
        <legend>{t('desk.screen.privacy')}</legend>
        <PrivacyFields value={settings.privacy} onChange={(privacy) => change({ privacy })} />
      </fieldset>
      <details className="more">
        <summary>{t('desk.screen.more')}</summary>
        <div className="form">
          <div className="fields">
            <NumberInput
              label={t('desk.screen.firstS')}
              value={settings.rotation.firstS}
              min={5}
              max={3_600}
              allowDecimal={false}
              onChange={(firstS) => change({ rotation: { ...settings.rotation, firstS: Number(firstS) } })}
            />
            <NumberInput
              label={t('desk.screen.otherS')}
              value={settings.rotation.otherS}
              min={5}
              max={3_600}
              allowDecimal={false}
              onChange={(otherS) => change({ rotation: { ...settings.rotation, otherS: Number(otherS) } })}
            />
          </div>
          <NativeSelect
            label={t('desk.screen.offShift')}
            value={settings.offShift}
            data={offShifts.map((value) => ({ value, label: t(`desk.screen.off.${value}`) }))}
            onChange={({ currentTarget }) => {
              const offShift = offShifts.find((each) => each === currentTarget.value)
              if (offShift !== undefined) change({ offShift })
            }}
          />
          <TextInput
            label={t('desk.screen.contact')}
            description={t('desk.screen.contactHint')}
            value={settings.contact ?? ''}
            maxLength={100}
            onChange={({ currentTarget: { value } }) => {
              const { contact: _contact, ...rest } = settings
              onSettings(value === '' ? rest : { ...settings, contact: value })
            }}
          />
          <Switch
            label={t('desk.screen.chime')}
            description={t('desk.screen.chimeHint')}
            checked={settings.chime}
            onChange={({ currentTarget }) => change({ chime: currentTarget.checked })}
          />
          <Switch
            label={t('desk.screen.reducedMotion')}
            checked={settings.reducedMotion}
            onChange={({ currentTarget }) => change({ reducedMotion: currentTarget.checked })}
          />
        </div>
      </details>
    </>
  )
}

const offShifts = ['on', 'dim', 'kpi', 'blank'] as const
