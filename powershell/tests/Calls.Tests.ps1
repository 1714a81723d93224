# How the app is called: pages, errors, tokens, and what must not happen.
BeforeAll {
    function Get-Request($Name) { (Invoke-RestMethod "$($Given.gateway)/requests") | Where-Object { $_.url -like "/$Name/*" -and $_.url -notlike '*/api/health' } }
    function Connect-To($Name) { $null = Connect-Syncwarden "$($Given.gateway)/$Name" }
    function Get-Failure([scriptblock] $Run) {
        try { $null = & $Run }
        catch { return $_ }
        throw 'It did not fail.'
    }
    function Get-Token { ConvertTo-SecureString $Given.readerToken -AsPlainText -Force }
}

Describe 'A list' {
    BeforeAll { Connect-To demo }

    It 'comes as a whole, however many pages it has' {
        $whole = Get-SyncwardenFinding -PageSize 1000
        $before = @(Get-Request demo).Count
        $paged = Get-SyncwardenFinding -PageSize 7
        @(Get-Request demo).Count - $before | Should -BeGreaterThan 3
        $paged.Count | Should -BeGreaterThan 30
        ($paged | ForEach-Object { "$($_.targetId) $($_.control)" }) | Should -Be ($whole | ForEach-Object { "$($_.targetId) $($_.control)" })
    }

    It 'is read no further than it is wanted' {
        $before = @(Get-Request demo).Count
        @(Get-SyncwardenFinding -PageSize 3 | Select-Object -First 4).Count | Should -Be 4
        @(Get-Request demo).Count - $before | Should -Be 2
    }

    It 'of rows has pages, too' {
        $rows = Get-SyncwardenFindingResource fabrikam-rooms impersonation -PageSize 2
        $rows.Count | Should -BeGreaterThan 3
        $rows | ForEach-Object { $_.PSObject.TypeNames[0] } | Select-Object -Unique | Should -Be 'Syncwarden.Resource'
    }

    It 'holds objects of a type of their own, with times in UTC' {
        $finding = Get-SyncwardenFinding fabrikam-rooms account
        $finding.PSObject.TypeNames[0] | Should -Be 'Syncwarden.Finding'
        $finding.checkedAt | Should -BeOfType datetime
        $finding.checkedAt.Kind | Should -Be 'Utc'
    }

    It 'shows first what matters first' {
        # Also on a narrow terminal, where columns that do not fit are left out.
        $lines = Get-SyncwardenFinding fabrikam-rooms license | Out-String -Width 80
        $lines | Should -Match 'Verdict\s+Severity\s+Target\s+Control\s+Summary'
        $lines | Should -Match 'nonCompliant\s+high\s+fabrikam-rooms\s+license\s+svc-condeco@'
    }

    It 'says what on it cannot be read, and goes on' {
        Connect-To damaged
        $targets = Get-SyncwardenTarget -ErrorVariable wrong -ErrorAction SilentlyContinue
        $targets.targetId | Should -Be 'good-rooms'
        $wrong[0].FullyQualifiedErrorId | Should -Be 'kept.unreadable,Get-SyncwardenTarget'
        $wrong[0].ErrorDetails.Message | Should -Be 'The target bad-rooms cannot be read: profile: is not known. Put it anew.'
        Connect-To demo
    }

    It 'is asked for what the pipeline is about' {
        $audited = Get-SyncwardenFinding fabrikam-rooms license | Invoke-SyncwardenAudit
        $audited.control | Should -Be 'license'
        (Get-SyncwardenTarget fabrikam-rooms | Get-SyncwardenFinding).targetId | Select-Object -Unique | Should -Be 'fabrikam-rooms'
        (Get-SyncwardenRepair fabrikam-rooms | Get-SyncwardenRepair).Count | Should -Be @(Get-SyncwardenRepair fabrikam-rooms).Count
    }
}

Describe 'An error' {
    BeforeAll { Connect-To demo }

    It 'has the code of the app as its id, what is wrong, and what to do' {
        $failure = Get-Failure { Get-SyncwardenTarget no-rooms }
        $failure.FullyQualifiedErrorId | Should -Be 'notFound,Get-SyncwardenTarget'
        $failure.CategoryInfo.Category | Should -Be 'ObjectNotFound'
        $failure.ErrorDetails.Message | Should -BeLike 'There is no target no-rooms.*Get-SyncwardenTarget lists the targets.'
        $failure.TargetObject.status | Should -Be 404
    }

    It 'names each field that is wrong' {
        $failure = Get-Failure { Set-SyncwardenTarget new-rooms -TenantId here -VendorProfile condeco-exchange-sync }
        $failure.FullyQualifiedErrorId | Should -Be 'input.invalid,Set-SyncwardenTarget'
        $failure.ErrorDetails.Message | Should -Match 'tenantId: must be a GUID'
        $failure.ErrorDetails.Message | Should -Match 'serviceAccount: is required'
    }

    It 'cannot command a terminal' {
        Connect-To hostile
        $failure = Get-Failure { Get-SyncwardenTarget here }
        $mark = [char]0xFFFD
        $failure.ErrorDetails.Message | Should -BeLike "no $mark``[31mred$mark``[0m ${mark}ever$mark*"
        $failure.Exception.Message | Should -Not -Match '[\x1B\u202E]'
        Connect-To demo
    }

    It 'is given for an address that would lead elsewhere' -ForEach @(@{ Id = '..' }, @{ Id = '.' }) {
        $before = @(Get-Request demo).Count
        (Get-Failure { Get-SyncwardenRepair fabrikam-rooms $Id }).FullyQualifiedErrorId | Should -Be 'input.invalid,Get-SyncwardenRepair'
        @(Get-Request demo).Count | Should -Be $before
    }

    It 'is given for a customer that is empty, rather than a file about all of them' {
        $before = @(Get-Request demo).Count
        (Get-Failure { Save-SyncwardenReport empty.html -Customer '' }).FullyQualifiedErrorId | Should -Be 'input.invalid,Save-SyncwardenReport'
        (Get-Failure { Export-SyncwardenFinding empty.csv -Format csv -Customer $null }).FullyQualifiedErrorId | Should -Be 'input.invalid,Export-SyncwardenFinding'
        @(Get-Request demo).Count | Should -Be $before
    }

    It 'is not made by signs in an id' {
        $failure = Get-Failure { Get-SyncwardenTarget 'a/../b?c=d#e%2F' }
        $failure.FullyQualifiedErrorId | Should -Be 'input.invalid,Get-SyncwardenTarget'
        @(Get-Request demo)[-1].url | Should -Be '/demo/api/targets/a%2F..%2Fb%3Fc%3Dd%23e%252F'
    }

    It 'says that nothing is connected' {
        Disconnect-Syncwarden
        (Get-Failure { Get-SyncwardenTarget }).FullyQualifiedErrorId | Should -Be 'notConnected,Get-SyncwardenTarget'
        Connect-To demo
    }

    It 'says that nobody answers' {
        $failure = Get-Failure { Connect-Syncwarden http://127.0.0.1:9 }
        $failure.FullyQualifiedErrorId | Should -BeLike 'unreachable,*'
        $failure.ErrorDetails.Message | Should -BeLike 'http://127.0.0.1:9/ could not be reached*'
        Connect-To demo
    }

    It 'leaves nobody connected, where it is one of connecting: <Uri>' -ForEach @(
        @{ Uri = 'http://127.0.0.1:9' }
        @{ Uri = 'https://app.example.com' }
        @{ Uri = 'nowhere' }
    ) {
        Connect-To demo
        $null = Get-Failure { Connect-Syncwarden $Uri }
        (Get-Failure { Get-SyncwardenTarget }).FullyQualifiedErrorId | Should -Be 'notConnected,Get-SyncwardenTarget'
        Connect-To demo
    }

    It 'is given for findings of a target that does not exist' {
        $failure = Get-Failure { Get-SyncwardenFinding -TargetId no-rooms }
        $failure.FullyQualifiedErrorId | Should -Be 'notFound,Get-SyncwardenFinding'
        $failure.ErrorDetails.Message | Should -BeLike 'There is no target no-rooms.*'
    }

    It 'is given for what is not of the app: <Scene>' -ForEach @(@{ Scene = 'signInPage' }, @{ Scene = 'other' }) {
        Connect-To $Scene
        (Get-Failure { Get-SyncwardenFinding -Verdict nonCompliant }).FullyQualifiedErrorId | Should -Be 'unexpected.answer,Get-SyncwardenFinding'
        Connect-To demo
    }
}

Describe 'An app that asks for patience' {
    It 'gets it for what reads' {
        Connect-To busy
        (Get-SyncwardenTarget).targetId | Should -Be 'late-rooms'
        @(Get-Request busy).Count | Should -Be 2
    }

    It 'gets no second request for what writes' {
        Connect-To busy
        $before = @(Get-Request busy).Count
        (Get-Failure { Start-SyncwardenAudit }).FullyQualifiedErrorId | Should -Be 'http.503,Start-SyncwardenAudit'
        @(Get-Request busy).Count - $before | Should -Be 1
    }

    It 'gets it four times and no more' {
        Connect-To alwaysBusy
        (Get-Failure { Get-SyncwardenTarget }).FullyQualifiedErrorId | Should -Be 'http.429,Get-SyncwardenTarget'
        @(Get-Request alwaysBusy).Count | Should -Be 4
    }

    It 'has to say for how long' {
        Connect-To closed
        (Get-Failure { Get-SyncwardenTarget }).FullyQualifiedErrorId | Should -Be 'http.503,Get-SyncwardenTarget'
        @(Get-Request closed).Count | Should -Be 1
    }
}

Describe 'A token' {
    AfterAll { Connect-To demo }

    It 'is not sent along a redirect' {
        $null = Connect-Syncwarden "$($Given.gateway)/redirecting" -AccessToken (Get-Token)
        (Get-Failure { Get-SyncwardenTarget }).FullyQualifiedErrorId | Should -Be 'redirected,Get-SyncwardenTarget'
        (Get-Request redirecting).hasToken | Should -Be $true
        Get-Request caught | Should -BeNullOrEmpty
    }

    It 'is shown nowhere' {
        $shown = & {
            Connect-Syncwarden "$($Given.gateway)/entra" -AccessToken (Get-Token) -Verbose -Debug
            Get-SyncwardenTarget -Verbose -Debug | Out-Null
            try { Get-SyncwardenTarget no-rooms -Verbose -Debug } catch { $_ | Format-List -Property * -Force }
            & (Get-Module Syncwarden) { $script:connection }
        } *>&1 | Out-String -Width 4000
        $shown | Should -Match 'VERBOSE: GET|GET http'
        $shown | Should -Not -Match ([regex]::Escape($Given.readerToken.Split('.')[2]))
        ($Error | Format-List -Property * -Force | Out-String -Width 4000) | Should -Not -Match ([regex]::Escape($Given.readerToken.Split('.')[2]))
    }

    It 'lets in as far as its role reaches' {
        $null = Connect-Syncwarden "$($Given.gateway)/entra" -AccessToken (Get-Token)
        @(Get-SyncwardenTarget).Count | Should -BeGreaterThan 3
        $plan = New-SyncwardenRepairPlan fabrikam-rooms license
        $failure = Get-Failure { $plan | Invoke-SyncwardenRepair }
        $failure.FullyQualifiedErrorId | Should -Be 'auth.forbidden,Invoke-SyncwardenRepair'
        $failure.ErrorDetails.Message | Should -Match 'Syncwarden.Remediate'
    }

    It 'that is none is refused with what to do' {
        $null = Connect-Syncwarden "$($Given.gateway)/entra" -AccessToken (ConvertTo-SecureString 'none' -AsPlainText -Force)
        $failure = Get-Failure { Get-SyncwardenTarget }
        $failure.FullyQualifiedErrorId | Should -Be 'auth.required,Get-SyncwardenTarget'
        $failure.ErrorDetails.Message | Should -Match 'Connect-Syncwarden again'
    }

    It 'is asked for anew before it ends' {
        $global:asked = 0
        function global:Get-AzAccessToken {
            param($ResourceUrl, [switch] $AsSecureString)
            $global:asked++
            $global:askedFor = $ResourceUrl
            [pscustomobject]@{ Token = (ConvertTo-SecureString $Given.readerToken -AsPlainText -Force); ExpiresOn = [datetimeoffset]::UtcNow.AddMinutes(2) }
        }
        try {
            $null = Connect-Syncwarden "$($Given.gateway)/entra" -Az -Resource 'the-app/.default'
            $null = Get-SyncwardenTarget
            # Once to connect, once for the health, and once for the targets.
            $asked | Should -Be 3
            $askedFor | Should -Be 'the-app'
        }
        finally { Remove-Item function:global:Get-AzAccessToken }
    }

    It 'that cannot be had is an error' {
        $env:IDENTITY_ENDPOINT = "$($Given.gateway)/identity"
        $env:IDENTITY_HEADER = 'wrong'
        try {
            $failure = Get-Failure { Connect-Syncwarden "$($Given.gateway)/entra" -ManagedIdentity -Resource app }
            $failure.FullyQualifiedErrorId | Should -Be 'auth.noToken,Connect-Syncwarden'
        }
        finally { Remove-Item env:IDENTITY_ENDPOINT, env:IDENTITY_HEADER }
    }
}

Describe 'An address' {
    It 'is refused where a token would be read by others, or nobody says who calls: <Uri>' -ForEach @(
        @{ Uri = 'http://app.example.com' }
        @{ Uri = 'https://app.example.com' }
        @{ Uri = 'http://127.0.0.1@app.example.com' }
        @{ Uri = 'https://app.example.com?x=1' }
        @{ Uri = 'ftp://127.0.0.1' }
        @{ Uri = 'nowhere' }
        @{ Uri = '' }
    ) {
        (Get-Failure { Connect-Syncwarden $Uri }).FullyQualifiedErrorId | Should -Be 'input.invalid,Connect-Syncwarden'
    }

    It 'comes from the environment, and so does what a token is for' {
        $env:SYNCWARDEN_APP = "$($Given.gateway)/entra"
        $env:SYNCWARDEN_SCOPE = 'the-app/.default'
        function global:Get-AzAccessToken {
            param($ResourceUrl)
            $global:askedFor = $ResourceUrl
            # As older versions give it.
            [pscustomobject]@{ Token = $Given.readerToken; ExpiresOn = [datetimeoffset]::UtcNow.AddHours(1) }
        }
        try {
            (Connect-Syncwarden -Az).Uri | Should -Be "$($Given.gateway)/entra/"
            $askedFor | Should -Be 'the-app'
            @(Get-SyncwardenTarget).Count | Should -BeGreaterThan 3
        }
        finally { Remove-Item function:global:Get-AzAccessToken, env:SYNCWARDEN_APP, env:SYNCWARDEN_SCOPE }
    }

    It 'over http is refused with a token, too' {
        (Get-Failure { Connect-Syncwarden http://app.example.com -AccessToken (Get-Token) }).FullyQualifiedErrorId | Should -Be 'input.invalid,Connect-Syncwarden'
    }
}

Describe 'A repair' {
    BeforeAll { Connect-To demo }

    It 'is refused when the plan is no longer the one that was agreed to' {
        $plan = New-SyncwardenRepairPlan fabrikam-rooms password-expiry
        $plan | Invoke-SyncwardenRepair | ForEach-Object status | Should -Be 'verified'
        $failure = Get-Failure { $plan | Invoke-SyncwardenRepair }
        $failure.FullyQualifiedErrorId | Should -Be 'plan.stale,Invoke-SyncwardenRepair'
        $failure.ErrorDetails.Message | Should -Match 'Make a new plan with New-SyncwardenRepairPlan'
    }

    It 'says of itself what undoes it' {
        $done = Get-SyncwardenRepair fabrikam-rooms | Where-Object control -EQ 'password-expiry' | Select-Object -First 1
        $undone = $done | Undo-SyncwardenRepair
        $undone.status | Should -Be 'verified'
        $undone.control | Should -Be 'password-expiry'
        (Get-SyncwardenFinding fabrikam-rooms password-expiry).verdict | Should -Be 'nonCompliant'
        (Get-Failure { $done | Undo-SyncwardenRepair }).FullyQualifiedErrorId | Should -Be 'undo.alreadyDone,Undo-SyncwardenRepair'
    }

    It 'is shown as what was done, by whom, and what it came to' {
        $transcript = Join-Path $Given.folder 'undo.txt'
        $result = New-SyncwardenRepairPlan fabrikam-rooms password-expiry | Invoke-SyncwardenRepair
        $done = Get-SyncwardenRepair fabrikam-rooms | Select-Object -First 1
        # Also after objects of another type, of which PowerShell would list every property.
        $finding = Get-SyncwardenFinding fabrikam-rooms password-expiry
        foreach ($shown in ($result | Out-String -Width 120), ($finding, $result | Out-String -Width 120)) {
            $shown | Should -Match 'Status\s+: verified'
            $shown | Should -Match 'Verdict now\s+: compliant'
            $shown | Should -Match "Finding\s+: $([regex]::Escape($result.finding.summary.Substring(0, 40)))"
            $shown | Should -Not -Match '@\{'
        }
        foreach ($shown in ($done | Out-String -Width 120), ($finding, $done | Out-String -Width 120)) {
            $shown | Should -Match 'Started\s+: \d{4}-\d\d-\d\d \d\d:\d\dZ'
            $shown | Should -Match "By\s+: $([regex]::Escape($done.by.name))"
            $shown | Should -Match "Changes\s+: 1\. made: $([regex]::Escape($done.changes[0].description.Substring(0, 40)))"
            $shown | Should -Not -Match '@\{'
        }
        $null = Start-Transcript -Path $transcript
        $done | Undo-SyncwardenRepair -WhatIf
        $null = Stop-Transcript
        Get-Content $transcript -Raw | Should -Match ([regex]::Escape("1. Undo: $($done.changes[0].description)"))
        $null = $done | Undo-SyncwardenRepair
    }

    It 'of what is in order says that there is nothing to change' {
        $plan = New-SyncwardenRepairPlan contoso-rooms account
        @($plan.changes).Count | Should -Be 0
        ($plan | Out-String -Width 120) | Should -Match 'Changes\s+: Nothing that Syncwarden could change\.'
    }

    It 'takes what the plan included' {
        $plan = New-SyncwardenRepairPlan fabrikam-rooms consent -Include revocations
        $plan.include | Should -Be 'revocations'
        @($plan.changes).Count | Should -BeGreaterThan @((New-SyncwardenRepairPlan fabrikam-rooms consent).changes).Count
        # Everything but what is left to people is done then, and it says so.
        $result = $plan | Invoke-SyncwardenRepair -WarningVariable warned -WarningAction SilentlyContinue
        $result.status | Should -Be 'unverified'
        $warned | Should -BeLike 'fabrikam-rooms, consent is not seen to be compliant: *'
    }
}

Describe 'An import' {
    BeforeAll {
        Connect-To demo
        $row = Import-Csv $Given.customers
    }

    It 'of a file that is not there says so' {
        (Get-Failure { Import-SyncwardenTarget nofile.csv }).ErrorDetails.Message | Should -BeLike '*nofile.csv cannot be read: *'
    }

    It 'of rows takes what stands in cells as the app does' {
        $row | Add-Member -NotePropertyName tags -NotePropertyValue 'gold;emea' -Force
        $row | Add-Member -NotePropertyName displayName -NotePropertyValue 'Müller, "Zürich"' -Force
        ($row | Import-SyncwardenTarget).outcome | Should -BeIn 'created', 'replaced'
        $target = Get-SyncwardenTarget $row.targetId
        $target.tags | Should -Be 'gold', 'emea'
        $target.displayName | Should -Be 'Müller, "Zürich"'
    }

    It 'that is a dry run says of nothing that it was done' {
        $new = $row.PSObject.Copy()
        $new.targetId = 'contoso-dry'
        $dry = $new | Import-SyncwardenTarget -DryRun
        $dry.dryRun | Should -Be $true
        ($dry | Out-String -Width 80) | Should -Match 'contoso-dry\s+would be created'
        (Get-SyncwardenTarget).targetId | Should -Not -Contain 'contoso-dry'
        $real = $new | Import-SyncwardenTarget
        $real.dryRun | Should -Be $false
        ($real | Out-String -Width 80) | Should -Match 'contoso-dry\s+created'
        Remove-SyncwardenTarget contoso-dry
    }

    It 'of what the app gave changes nothing' {
        (Get-SyncwardenTarget | Import-SyncwardenTarget).outcome | Select-Object -Unique | Should -Be 'unchanged'
    }

    It 'of rows with other columns loses none' {
        $other = $row.PSObject.Copy()
        $other.targetId = 'contoso-other'
        $other | Add-Member -NotePropertyName paused -NotePropertyValue 'true'
        $outcome = $row, $other | Import-SyncwardenTarget
        $outcome.Count | Should -Be 2
        (Get-SyncwardenTarget contoso-other).paused | Should -Be $true
        Remove-SyncwardenTarget contoso-other
    }

    It 'is told in so many words when it is no dry run' {
        $null = Import-SyncwardenTarget $Given.customers -DryRun:$false
        @(Get-Request demo)[-1].url | Should -Be '/demo/api/targets/import?dryRun=false'
    }

    It 'with one bad row writes none' {
        $bad = $row.PSObject.Copy()
        $bad.targetId = 'contoso-bad'
        $bad.tenantId = 'here'
        $good = $row.PSObject.Copy()
        $good.targetId = 'contoso-good'
        $failure = Get-Failure { $good, $bad | Import-SyncwardenTarget }
        $failure.ErrorDetails.Message | Should -Match 'line 3, tenantId: must be a GUID'
        (Get-SyncwardenTarget).targetId | Should -Not -Contain 'contoso-good'
    }
}

Describe 'A target' {
    BeforeAll { Connect-To demo }

    It 'keeps all that it has when it is put again' {
        $before = Get-SyncwardenTarget fabrikam-rooms
        $null = $before | Set-SyncwardenTarget
        $after = Get-SyncwardenTarget fabrikam-rooms
        ($after | ConvertTo-Json -Depth 20) | Should -BeExactly ($before | ConvertTo-Json -Depth 20)
    }

    It 'is completed by its id' {
        $line = 'Get-SyncwardenFinding -TargetId fab'
        (TabExpansion2 $line $line.Length).CompletionMatches.CompletionText | Should -Contain 'fabrikam-rooms'
    }
}

Describe 'A file' {
    BeforeAll { Connect-To demo }

    It 'is what the app gave, byte by byte' {
        $file = Export-SyncwardenFinding findings.csv -Format csv -TargetId fabrikam-rooms
        $bytes = [System.IO.File]::ReadAllBytes($file.FullName)
        $bytes[0..2] | Should -Be 0xEF, 0xBB, 0xBF
        @(Import-Csv $file.FullName).targetId | Select-Object -Unique | Should -Be 'fabrikam-rooms'
    }

    It 'is not left behind when the app refuses' {
        (Get-Failure { Export-SyncwardenFinding refused.csv -Format csv -From 2026-01-01 }).FullyQualifiedErrorId | Should -Be 'input.invalid,Export-SyncwardenFinding'
        Test-Path refused.csv | Should -Be $false
    }

    It 'to hand out has nothing that acts' {
        (Get-Content (Save-SyncwardenReport handed-out.html).FullName -Raw) | Should -Not -Match '<button'
        @(Get-Request demo)[-1].url | Should -Be '/demo/api/report?download=1'
        $null = Save-SyncwardenReport handed-out.html -TargetId fabrikam-rooms
        @(Get-Request demo)[-1].url | Should -Be '/demo/api/report?download=1&targetId=fabrikam-rooms'
    }
}
