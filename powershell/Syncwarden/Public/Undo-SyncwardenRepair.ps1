# Generated from openapi.json and build/generate/powershell/commands.ts: npm run generate.
function Undo-SyncwardenRepair {
    <#
    .SYNOPSIS
    Puts back what a remediation has changed.

    .DESCRIPTION
    Calls POST /api/targets/{targetId}/remediations/{remediationId}/undo.
    Needs the app role Syncwarden.Remediate.
    With -WhatIf nothing is sent.

    .PARAMETER Change
    What is to be changed, as it comes from the pipeline: what -WhatIf and -Confirm show. It is not sent.

    .PARAMETER TargetId
    Id of the target.

    .PARAMETER RemediationId
    Id of the remediation.

    .EXAMPLE
    Get-SyncwardenRepair fabrikam-rooms | Select-Object -First 1 | Undo-SyncwardenRepair -WhatIf

    Shows what would be put back, and sends nothing.

    .EXAMPLE
    Get-SyncwardenRepair fabrikam-rooms | Select-Object -First 1 | Undo-SyncwardenRepair

    Shows what would be put back, and asks.

    .LINK
    Connect-Syncwarden
    #>
    [CmdletBinding(SupportsShouldProcess, ConfirmImpact = 'High', PositionalBinding = $false)]
    [OutputType('Syncwarden.RepairResult')]
    param(
        [Parameter(ValueFromPipelineByPropertyName)]
        [Alias('Changes')]
        [psobject[]] $Change,

        [Parameter(Mandatory, Position = 0, ValueFromPipelineByPropertyName)]
        [string] $TargetId,

        [Parameter(Mandatory, Position = 1, ValueFromPipelineByPropertyName)]
        [string] $RemediationId
    )
    process {
        Invoke-Repair -Cmdlet $PSCmdlet -Operation 'remediation-undo' -Given $PSBoundParameters -TypeName 'Syncwarden.RepairResult' -Action 'Undo the repair'
    }
}
