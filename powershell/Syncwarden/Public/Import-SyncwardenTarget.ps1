# Generated from openapi.json and build/generate/powershell/commands.ts: npm run generate.
function Import-SyncwardenTarget {
    <#
    .SYNOPSIS
    Puts many targets. All are checked before the first is written; doing it again changes nothing.

    .DESCRIPTION
    Calls POST /api/targets/import.
    Needs the app role Syncwarden.Admin.
    With -WhatIf nothing is sent.

    .PARAMETER Path
    A file of targets: CSV, or JSON lines where its name ends in .jsonl or .ndjson.

    .PARAMETER InputObject
    Targets as objects: rows of Import-Csv, or what Get-SyncwardenTarget gives.

    .PARAMETER DryRun
    true: says what would be done, and does nothing.

    .EXAMPLE
    Import-SyncwardenTarget customers.csv -DryRun

    What would become of each line.

    .EXAMPLE
    Import-Csv customers.csv | Where-Object customer -eq 'contoso' | Import-SyncwardenTarget

    Some of them. All are checked before the first is written.

    .LINK
    Connect-Syncwarden
    #>
    [CmdletBinding(SupportsShouldProcess, ConfirmImpact = 'Medium', DefaultParameterSetName = 'Objects', PositionalBinding = $false)]
    [OutputType('Syncwarden.ImportedTarget')]
    param(
        [Parameter(Mandatory, Position = 0, ParameterSetName = 'File')]
        [string] $Path,

        [Parameter(Mandatory, ValueFromPipeline, ParameterSetName = 'Objects')]
        [psobject[]] $InputObject,

        [switch] $DryRun
    )
    begin {
        $all = [System.Collections.Generic.List[psobject]]::new()
    }
    process {
        foreach ($each in $InputObject) { $all.Add($each) }
    }
    end {
        Import-Target -Cmdlet $PSCmdlet -Operation 'targets-import' -Given $PSBoundParameters -TypeName 'Syncwarden.ImportedTarget' -Action 'Create or replace targets' -InputObject $all
    }
}
