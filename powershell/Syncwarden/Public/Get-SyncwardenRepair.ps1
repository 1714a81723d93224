# Generated from openapi.json and build/generate/powershell/commands.ts: npm run generate.
function Get-SyncwardenRepair {
    <#
    .SYNOPSIS
    What was done to a target and by whom, with before and after; also to one that was deleted.

    .DESCRIPTION
    Calls GET /api/targets/{targetId}/remediations/{remediationId}.
    Calls GET /api/targets/{targetId}/remediations.
    Needs the app role Syncwarden.Read.

    .PARAMETER TargetId
    Id of the target.

    .PARAMETER RemediationId
    Id of the remediation.

    .PARAMETER PageSize
    The most items per page.

    .EXAMPLE
    Get-SyncwardenRepair fabrikam-rooms | Select-Object -First 1

    The newest one.

    .LINK
    Connect-Syncwarden
    #>
    [CmdletBinding(PositionalBinding = $false)]
    [OutputType('Syncwarden.Repair')]
    param(
        [Parameter(Mandatory, Position = 0, ValueFromPipelineByPropertyName)]
        [string] $TargetId,

        [Parameter(Position = 1, ValueFromPipelineByPropertyName)]
        [string] $RemediationId,

        [Alias('Limit')]
        [ValidateRange(1, 1000)]
        [int] $PageSize
    )
    process {
        Invoke-Operation -Cmdlet $PSCmdlet -Operation 'remediation-get', 'remediations-list' -Given $PSBoundParameters -TypeName 'Syncwarden.Repair'
    }
}
