# Runs all tests of the module in this process, and writes what they came to as JSON. test/integration/powershell.test.ts
# starts it, with what it needs to know in SYNCWARDEN_TEST.
$global:ErrorActionPreference = 'Stop'
$PSStyle.OutputRendering = 'PlainText'
$ProgressPreference = 'SilentlyContinue'

$global:Given = $env:SYNCWARDEN_TEST | ConvertFrom-Json
# Whatever asks is answered with yes: there is nobody here.
$global:ConfirmPreference = 'None'
Import-Module (Join-Path $Given.pester 'Pester.psd1')
Import-Module (Join-Path $PSScriptRoot '../Syncwarden/Syncwarden.psd1')
Set-Location $Given.folder

$configuration = New-PesterConfiguration
# What the examples of one file rely on, the tests of another one change.
$configuration.Run.Path = 'Examples', 'Module', 'Docs', 'Calls' | ForEach-Object { Join-Path $PSScriptRoot "$_.Tests.ps1" }
$configuration.Run.PassThru = $true
$configuration.Output.Verbosity = 'None'
$run = Invoke-Pester -Configuration $configuration

# What went wrong, with the places in our own files.
function Format-Failure($Record) {
    $places = $Record.ScriptStackTrace -split '\n' | Where-Object { $_ -notmatch '[\\/]Pester\.' } | Select-Object -First 3
    (@($Record.Exception.Message) + @($places)) -join "`n"
}

$results = foreach ($test in $run.Tests) {
    [ordered]@{
        name   = $test.ExpandedPath
        result = [string]$test.Result
        errors = @($test.ErrorRecord | ForEach-Object { Format-Failure $_ })
    }
}
# What fails before or after its tests is a failure, too.
$results = @($results) + @($run.FailedContainers + $run.FailedBlocks | ForEach-Object {
        [ordered]@{
            name   = if ($_.PSObject.Properties['ExpandedPath']) { $_.ExpandedPath } else { [string]$_.Item }
            result = 'Failed'
            errors = @($_.ErrorRecord | ForEach-Object { Format-Failure $_ })
        }
    })
ConvertTo-Json -InputObject @($results | Where-Object { $_ }) -Depth 5 | Set-Content -LiteralPath $Given.results
