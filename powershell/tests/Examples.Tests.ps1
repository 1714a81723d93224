# Every example of the help, in the order in which the module lists its functions: what one makes, the next one looks at.
BeforeDiscovery {
    $examples = foreach ($name in (Import-PowerShellDataFile (Join-Path $PSScriptRoot '../Syncwarden/Syncwarden.psd1')).FunctionsToExport) {
        foreach ($example in (Get-Help $name).examples.example) { @{ Name = $name; Code = $example.code } }
    }
}

Describe 'An example of the help' {
    BeforeAll {
        Copy-Item -Path $Given.customers -Destination (Join-Path $Given.folder 'customers.csv')
        # The examples ask for what is not on this machine: a token that somebody types, and the Az module.
        function global:Read-Host { ConvertTo-SecureString $Given.readerToken -AsPlainText -Force }
        function global:Get-AzAccessToken {
            param($ResourceUrl)
            [pscustomobject]@{
                Token     = ConvertTo-SecureString $(if ($ResourceUrl) { $Given.readerToken }) -AsPlainText -Force
                ExpiresOn = [datetimeoffset]::UtcNow.AddHours(1)
            }
        }
        $env:IDENTITY_ENDPOINT = "$($Given.gateway)/identity"
        $env:IDENTITY_HEADER = $Given.identityHeader
    }
    AfterAll {
        Remove-Item -Path function:global:Read-Host, function:global:Get-AzAccessToken, env:IDENTITY_ENDPOINT, env:IDENTITY_HEADER
    }

    It 'is right: <Code>' -ForEach $examples {
        if ($Name -ne 'Connect-Syncwarden') { $null = Connect-Syncwarden "$($Given.gateway)/demo" }
        $line = $Code.Replace('http://127.0.0.1:7071', "$($Given.gateway)/demo").Replace('https://app.azurewebsites.net', "$($Given.gateway)/entra")
        $run = { & ([scriptblock]::Create($line)) -ErrorAction Stop }
        if ($Name -eq 'Test-SyncwardenAlert') {
            $run | Should -Throw -ErrorId 'unavailable,Test-SyncwardenAlert'
            return
        }
        $out = @(& $run)
        if ($Name -match '^(Connect|Get|New|Set|Invoke|Import|Start|Resume|Save|Export)-' -and $line -notmatch '-WhatIf$') {
            $out.Count | Should -BeGreaterThan 0
        }
        if ($Name -eq 'Connect-Syncwarden') {
            # Whoever is connected may look at targets.
            @(Get-SyncwardenTarget).Count | Should -Be 4
        }
        if ($Name -eq 'Start-SyncwardenAudit') {
            $end = [datetime]::UtcNow.AddMinutes(2)
            while ((Get-SyncwardenAudit).waiting -gt 0) {
                [datetime]::UtcNow | Should -BeLessThan $end -Because 'all audits end'
                Start-Sleep -Milliseconds 200
            }
        }
    }
}
