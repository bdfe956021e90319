import { Menu, useMantineColorScheme, type MantineColorScheme } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { isLanguage, languages, locales } from '@stagewatch/shared/domain/locales.ts'
import { useMutation, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import {
  BookOpen,
  Check,
  Keyboard,
  LogOut,
  Monitor,
  Moon,
  ScanLine,
  Sun,
  UserRound,
  type LucideIcon,
} from 'lucide-react'
import { hasManualQuery, manualPath } from '../api/manual.ts'
import { signOut, useMe } from '../api/session.ts'
import { unsubscribeQuietly } from '../components/inbox/push-subscription.ts'
import { chooseOwnLanguage } from '../components/layout/language-toggle.tsx'
import navItem from '../components/layout/nav-item.module.css'
import { useText } from '../locales/use-text.ts'
import { scanPath } from '../components/layout/wall-path.ts'
import styles from './account-menu.module.css'

const iconSize = 16

const schemes = [
  { scheme: 'auto', icon: Monitor },
  { scheme: 'light', icon: Sun },
  { scheme: 'dark', icon: Moon },
] as const satisfies readonly { scheme: MantineColorScheme; icon: LucideIcon }[]

interface AccountMenuProps {
  readonly onShortcuts: () => void
  /** Shows how to open the phone page. */
  readonly onScan: () => void
}

/** The signed-in user, their display settings in this browser, and the sign-out button. */
export function AccountMenu({ onShortcuts, onScan }: AccountMenuProps) {
  const { t, language, nameOf } = useText()
  const { name: own, names, email, actions, site } = useMe()
  const name = names ? nameOf(names) : own
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  const isPhone = useMediaQuery('(width < 700px)', undefined, { getInitialValueInEffect: false })
  const change = useMutation({ mutationFn: chooseOwnLanguage })
  // Keeps nothing of the user in the page: the next page is loaded from scratch.
  const leave = useMutation({
    mutationFn: () => unsubscribeQuietly().then(signOut),
    onSuccess: () => location.assign('/sign-in'),
  })
  return (
    <Menu
      position={isPhone ? 'top-end' : 'right-end'}
      width={240}
      shadow="md"
      checkIcon={<Check size={14} aria-hidden />}
    >
      <Menu.Target>
        <button type="button" className={navItem['item']}>
          <span className={styles['face']} aria-hidden>
            {name.slice(0, 1)}
          </span>
          <span>{t('nav.account')}</span>
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <div className={styles['person']}>
          <span>{name}</span>
          <span>{email}</span>
        </div>
        <Menu.Item component={Link} to="/account" leftSection={<UserRound size={iconSize} aria-hidden />}>
          {t('account.open')}
        </Menu.Item>
        {actions.includes('orders.act') &&
          (isPhone ? (
            <Menu.Item component="a" href={scanPath(site)} leftSection={<ScanLine size={iconSize} aria-hidden />}>
              {t('scanLink.open')}
            </Menu.Item>
          ) : (
            <Menu.Item leftSection={<ScanLine size={iconSize} aria-hidden />} onClick={onScan}>
              {t('scanLink.open')}
            </Menu.Item>
          ))}
        <Menu.Divider />
        <Menu.Label>{t('theme.label')}</Menu.Label>
        <Menu.RadioGroup value={colorScheme} onChange={(chosen) => setColorScheme(schemeOf(chosen))}>
          {schemes.map(({ scheme, icon: Icon }) => (
            <Menu.RadioItem key={scheme} value={scheme} rightSection={<Icon size={iconSize} aria-hidden />}>
              {t(`theme.${scheme}`)}
            </Menu.RadioItem>
          ))}
        </Menu.RadioGroup>
        <Menu.Label>{t('account.language')}</Menu.Label>
        <Menu.RadioGroup value={language} onChange={(chosen) => isLanguage(chosen) && change.mutate(chosen)}>
          {languages.map((each) => (
            <Menu.RadioItem key={each} value={each} lang={locales[each].tag}>
              {locales[each].name}
            </Menu.RadioItem>
          ))}
        </Menu.RadioGroup>
        <Menu.Divider />
        <ManualItem />
        <Menu.Item leftSection={<Keyboard size={iconSize} aria-hidden />} onClick={onShortcuts}>
          {t('shortcuts.title')}
        </Menu.Item>
        <Menu.Item
          closeMenuOnClick={false}
          disabled={leave.isPending}
          leftSection={<LogOut size={iconSize} aria-hidden />}
          onClick={() => leave.mutate()}
        >
          {t(leave.isError ? 'retry' : 'desk.signOut')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}

function ManualItem() {
  const { t, language } = useText()
  if (useQuery(hasManualQuery).data !== true) return null
  return (
    <Menu.Item
      component="a"
      href={manualPath(language)}
      target="_blank"
      leftSection={<BookOpen size={iconSize} aria-hidden />}
    >
      {t('account.manual')}
    </Menu.Item>
  )
}

function schemeOf(value: string | null): MantineColorScheme {
  return schemes.find(({ scheme }) => scheme === value)?.scheme ?? 'auto'
}
