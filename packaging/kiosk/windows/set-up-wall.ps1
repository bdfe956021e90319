# Prepares a Windows PC for a Stagewatch wall: the task that starts it, power and screen saver, updates at night, and the
# clock. Run it as administrator, in a folder with start-wall.ps1 and wall-task.xml; it can be run again.
#   powershell.exe -ExecutionPolicy Bypass -File set-up-wall.ps1 -User wall -Url https://board.example.com
# docs/operating/screens-windows.md describes each step.
param(
  # A standard local account that is used for nothing else.
  [Parameter(Mandatory = $true)]
  [string] $User,
  # The address of the server as people and screens open it, without a path.
  [Parameter(Mandatory = $true)]
  [ValidatePattern('^https?://[^/]+$')]
  [string] $Url,
  # A time server of the plant; without it, the setting of Windows stays.
  [string] $TimeServer
)

$ErrorActionPreference = 'Stop'
$null = Get-LocalUser -Name $User

function Set-Policy([string] $Path, [hashtable] $Values) {
  if (-not (Test-Path $Path)) { $null = New-Item -Path $Path -Force }
  foreach ($name in $Values.Keys) {
    $null = New-ItemProperty -Path $Path -Name $name -Value $Values[$name] -PropertyType DWord -Force
  }
}

# Only administrators may change the script that the user of the wall runs.
$folder = Join-Path $env:ProgramData 'StagewatchWall'
$null = New-Item -ItemType Directory -Path $folder -Force
icacls.exe $folder /inheritance:r /grant '*S-1-5-32-544:(OI)(CI)F' '*S-1-5-18:(OI)(CI)F' '*S-1-5-32-545:(OI)(CI)RX' | Out-Null
if ($LASTEXITCODE -ne 0) { throw "The rights of $folder could not be set." }
Copy-Item -Path (Join-Path $PSScriptRoot 'start-wall.ps1') -Destination $folder -Force

$task = Get-Content -Path (Join-Path $PSScriptRoot 'wall-task.xml') -Raw -Encoding UTF8
# Register-ScheduledTask takes text, which has no encoding.
$task = $task.Replace(' encoding="UTF-8"', '').Replace('WALL_USER', "$env:COMPUTERNAME\$User").Replace('WALL_URL', $Url)
$null = Register-ScheduledTask -TaskName 'Stagewatch wall' -Xml $task -Force

# The display and the PC stay on.
foreach ($setting in 'monitor-timeout-ac', 'standby-timeout-ac', 'hibernate-timeout-ac') { powercfg.exe /change $setting 0 }
powercfg.exe /hibernate off

# No lock screen, no screen saver, and no notifications over the wall.
Set-Policy 'HKLM:\SOFTWARE\Policies\Microsoft\Windows\Personalization' @{ NoLockScreen = 1 }
Set-Policy 'HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\Policies\System' @{ InactivityTimeoutSecs = 0 }
Set-Policy 'HKLM:\SOFTWARE\Policies\Microsoft\Windows\Explorer' @{ DisableNotificationCenter = 1 }

# Updates are installed at three, and restarts happen outside of 5:00 to 23:00.
$updates = 'HKLM:\SOFTWARE\Policies\Microsoft\Windows\WindowsUpdate'
Set-Policy $updates @{ SetActiveHours = 1; ActiveHoursStart = 5; ActiveHoursEnd = 23 }
Set-Policy "$updates\AU" @{ AUOptions = 4; ScheduledInstallDay = 0; ScheduledInstallTime = 3 }

# The clock.
Set-Service -Name W32Time -StartupType Automatic
Start-Service -Name W32Time
if ($TimeServer) { w32tm.exe /config "/manualpeerlist:$TimeServer" /syncfromflags:manual /update }

Write-Output "Prepared. Let Windows sign $User in automatically (Autologon of Sysinternals), and restart the PC."
