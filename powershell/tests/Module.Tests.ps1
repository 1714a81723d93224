# What the module has, held to the description that the running app gives of itself.
BeforeDiscovery {
    $functions = Get-Command -Module Syncwarden | ForEach-Object { @{ Name = $_.Name } }
    $writing = Get-Command -Module Syncwarden | Where-Object { $_.Parameters.ContainsKey('WhatIf') } | ForEach-Object { @{ Name = $_.Name } }
    $folder = Join-Path $PSScriptRoot '..'
    $scripts = Get-ChildItem -Path $folder -Recurse -Include *.ps1, *.psm1, *.psd1 | ForEach-Object { @{ Name = $_.Name; Path = $_.FullName } }
    $hasAnalyzer = [bool](Get-Module -ListAvailable PSScriptAnalyzer)
}

BeforeAll {
    function Get-RequestCount { (Invoke-RestMethod "$($Given.gateway)/requests").Count }
    $null = Connect-Syncwarden "$($Given.gateway)/demo"
    $api = Get-SyncwardenOpenApi
    $operations = foreach ($path in $api.paths.PSObject.Properties) {
        foreach ($method in $path.Value.PSObject.Properties) {
            @{ Id = $method.Value.operationId; Method = $method.Name.ToUpperInvariant(); Address = $path.Name.TrimStart('/'); Description = $method.Value }
        }
    }
    $known = & (Get-Module Syncwarden) { $script:operations }
    $commands = Get-Command -Module Syncwarden

    # Every value that an operation takes: what the API calls it, and its schema.
    function Get-Property($Description) {
        $found = [ordered]@{}
        if ($Description.PSObject.Properties['requestBody']) {
            $schema = $Description.requestBody.content.PSObject.Properties['application/json']?.Value.schema
            if ($schema -and $schema.PSObject.Properties['$ref']) { $schema = $api.components.schemas.($schema.'$ref' -replace '.*/') }
            $forms = if ($schema -and $schema.PSObject.Properties['oneOf']) { $schema.oneOf } else { @($schema) }
            foreach ($form in $forms | Where-Object { $_ -and $_.PSObject.Properties['properties'] }) {
                foreach ($property in $form.properties.PSObject.Properties) { $found[$property.Name] = $property.Value }
            }
        }
        if ($Description.PSObject.Properties['parameters']) {
            foreach ($parameter in $Description.parameters) { $found[$parameter.name] = $parameter.schema }
        }
        $found.Remove('continuation')
        $found
    }

    # The values that a schema allows; nothing where it allows others, or one alone.
    function Get-Value($Schema) {
        $of = if ($Schema.PSObject.Properties['items']) { $Schema.items } else { $Schema }
        if ($of.PSObject.Properties['enum'] -and ($of.enum -join ' ') -ne 'true false') { $of.enum | Where-Object { $_ } }
    }

    function Get-Caller($Id) { $commands | Where-Object { $_.Definition -match "-Operation [^|]*'$Id'" } }
}

Describe 'The module' {
    It 'has what its manifest says, and no more' {
        $named = (Import-PowerShellDataFile (Join-Path $PSScriptRoot '../Syncwarden/Syncwarden.psd1')).FunctionsToExport
        $files = (Get-ChildItem (Join-Path $PSScriptRoot '../Syncwarden/Public') -Filter *.ps1).BaseName
        $commands.Name | Sort-Object | Should -Be ($named | Sort-Object)
        $files | Sort-Object | Should -Be ($named | Sort-Object)
    }

    It 'has the version of the app' {
        [string](Get-Module Syncwarden).Version | Should -Be $api.info.version
    }

    It 'has no error, nor anything that is not of this version of PowerShell: <Name>' -ForEach $scripts {
        $errors = $null
        $null = [System.Management.Automation.Language.Parser]::ParseFile($Path, [ref]$null, [ref]$errors)
        $errors | Should -BeNullOrEmpty
    }

    It 'has a view for whatever has many properties' {
        $views = [xml](Get-Content (Join-Path $PSScriptRoot '../Syncwarden/Syncwarden.format.ps1xml') -Raw)
        $shown = $views.SelectNodes('//ViewSelectedBy/TypeName').InnerText
        # These are one value each.
        $small = 'Health', 'Enqueued', 'Waiting', 'Replayed', 'Sent' | ForEach-Object { "Syncwarden.$_" }
        $given = $commands.OutputType.Name | Select-Object -Unique | Where-Object { $_ -notin $small }
        $given.Count | Should -BeGreaterThan 10
        $given | Sort-Object | Should -Be ($shown | Sort-Object)
    }

    It 'has nothing that PSScriptAnalyzer complains of' -Skip:(-not $hasAnalyzer) {
        Invoke-ScriptAnalyzer -Path (Join-Path $PSScriptRoot '../Syncwarden') -Recurse | Should -BeNullOrEmpty
    }
}

Describe 'The function <Name>' -ForEach $functions {
    BeforeAll { $command = Get-Command $Name }

    It 'has an approved verb' {
        (Get-Verb).Verb | Should -Contain $command.Verb
    }

    It 'has help with every parameter, and an example' {
        $help = Get-Help $Name -Full
        $help.Synopsis | Should -Not -Match "^\s*$Name" -Because 'that is what PowerShell makes up where there is none'
        $help.examples.example.Count | Should -BeGreaterThan 0
        $common = [System.Management.Automation.PSCmdlet]::CommonParameters + [System.Management.Automation.PSCmdlet]::OptionalCommonParameters
        foreach ($parameter in $command.Parameters.Keys | Where-Object { $_ -notin $common }) {
            $described = $help.parameters.parameter | Where-Object name -EQ $parameter
            $described.description.Text | Should -Not -BeNullOrEmpty -Because "-$parameter has to be described"
        }
    }

    It 'asks before it writes, or only reads' {
        $calls = [regex]::Matches($command.Definition, "-Operation ((?:'[\w-]+'(?:, )?)+)") |
            ForEach-Object { $_.Groups[1].Value -split ', ' -replace "'" } |
            ForEach-Object { $known[$_].Method }
        $changes = @($calls | Where-Object { $_ -ne 'GET' }).Count -gt 0 -and $Name -ne 'New-SyncwardenRepairPlan'
        $command.Parameters.ContainsKey('WhatIf') | Should -Be $changes
    }
}

Describe 'Every route' {
    It 'has a function, and every function has a route' {
        $operations.Count | Should -BeGreaterThan 20
        $operations.Id | Sort-Object | Should -Be ($known.Keys | Sort-Object)
        foreach ($operation in $operations) {
            $known[$operation.Id].Method | Should -Be $operation.Method
            $known[$operation.Id].Address | Should -Be $operation.Address
            Get-Caller $operation.Id | Should -Not -BeNullOrEmpty -Because "$($operation.Method) $($operation.Address) needs a function"
        }
    }

    It 'has parameters for all that it takes, with the values that it takes' {
        foreach ($operation in $operations) {
            $entry = $known[$operation.Id]
            $names = @{}
            foreach ($map in $entry.Path, $entry.Query, $entry.Body) { foreach ($name in $map.Keys) { $names[$map[$name]] = $name } }
            $taken = Get-Property $operation.Description
            foreach ($wire in @($names.Keys)) { $taken.Keys | Should -Contain $wire }
            foreach ($wire in $taken.Keys) {
                $names.Keys | Should -Contain $wire -Because "$($operation.Id) takes it"
                foreach ($caller in Get-Caller $operation.Id) {
                    if ($caller.Definition -match "-Fixed @\{[^}]*\b$wire = ") { continue }
                    $parameter = $caller.Parameters[$names[$wire]]
                    # A plan has no hash before it is made.
                    if ("$caller $wire" -eq 'New-SyncwardenRepairPlan planHash') { continue }
                    $parameter | Should -Not -BeNullOrEmpty -Because "$caller needs -$($names[$wire])"
                    $allowed = ($parameter.Attributes | Where-Object { $_ -is [ValidateSet] }).ValidValues
                    ($allowed -join ' ') | Should -BeExactly ((Get-Value $taken[$wire]) -join ' ') -Because "$caller -$($names[$wire])"
                }
            }
        }
    }
}

Describe '-WhatIf' {
    BeforeAll {
        $arguments = @{
            'Invoke-SyncwardenAudit'         = @{ TargetId = 'contoso-rooms' }
            'Start-SyncwardenAudit'          = @{}
            'Set-SyncwardenTarget'           = @{ TargetId = 'x'; TenantId = 'x'; VendorProfile = 'condeco-exchange-sync' }
            'Import-SyncwardenTarget'        = @{ Path = $Given.customers }
            'Remove-SyncwardenTarget'        = @{ TargetId = 'contoso-rooms' }
            'Invoke-SyncwardenRepair'        = @{ TargetId = 'fabrikam-rooms'; Control = 'license'; PlanHash = 'a' * 64 }
            'Undo-SyncwardenRepair'          = @{ TargetId = 'fabrikam-rooms'; RemediationId = 'x' }
            'Set-SyncwardenWaiver'           = @{ TargetId = 'fabrikam-rooms'; Control = 'license'; Reason = 'Known for long.'; ExpiresAt = (Get-Date).AddDays(1) }
            'Remove-SyncwardenWaiver'        = @{ TargetId = 'fabrikam-rooms'; Control = 'license' }
            'Resume-SyncwardenFailedMessage' = @{}
            'Test-SyncwardenAlert'           = @{}
        }
    }

    It 'is seen to send nothing: whatever is sent is counted' {
        $before = Get-RequestCount
        $null = Get-SyncwardenHealth
        Get-RequestCount | Should -Be ($before + 1)
    }

    It 'of <Name> sends nothing' -ForEach $writing {
        $arguments.Keys | Should -Contain $Name
        $these = $arguments[$Name]
        $before = Get-RequestCount
        $out = & $Name @these -WhatIf
        Get-RequestCount | Should -Be $before
        $out | Should -BeNullOrEmpty
    }

    It 'of a dry run sends nothing either' {
        $before = Get-RequestCount
        Import-SyncwardenTarget $Given.customers -DryRun -WhatIf
        Get-RequestCount | Should -Be $before
    }

    It 'shows the changes of a plan' {
        $plan = New-SyncwardenRepairPlan fabrikam-rooms license
        @($plan.changes).Count | Should -BeGreaterThan 0
        $transcript = Join-Path $Given.folder 'transcript.txt'
        $null = Start-Transcript -Path $transcript
        $before = Get-RequestCount
        $plan | Invoke-SyncwardenRepair -WhatIf
        Get-RequestCount | Should -Be $before
        $null = Stop-Transcript
        $shown = Get-Content $transcript -Raw
        foreach ($change in $plan.changes) {
            $shown | Should -Match ([regex]::Escape($change.description))
            $shown | Should -Match ([regex]::Escape("$($change.request.method) $($change.request.url)"))
        }
    }

    It 'is not needed where somebody has to be asked, and nobody is there' {
        $before = Get-RequestCount
        $global:ConfirmPreference = 'High'
        try { { Undo-SyncwardenRepair fabrikam-rooms x } | Should -Throw '*NonInteractive*' }
        finally { $global:ConfirmPreference = 'None' }
        Get-RequestCount | Should -Be $before
    }

    It 'has a question beside it, where a tenant is changed or something kept is lost' {
        $high = $commands | Where-Object { $_.ScriptBlock.Attributes.ConfirmImpact -eq 'High' }
        $high.Name | Sort-Object | Should -Be @('Invoke-SyncwardenRepair', 'Remove-SyncwardenTarget', 'Remove-SyncwardenWaiver', 'Undo-SyncwardenRepair')
    }
}
