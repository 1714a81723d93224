# Generated from openapi.json and build/generate/powershell/commands.ts: npm run generate.
function New-SyncwardenRepairPlan {
    <#
    .SYNOPSIS
    What it would take to make a finding compliant: the exact requests, with before and after. Changes nothing.

    .DESCRIPTION
    Calls POST /api/targets/{targetId}/remediations.
    Needs the app role Syncwarden.Read.

    .PARAMETER TargetId
    Id of the target.

    .PARAMETER Control
    Id of the control.

    .PARAMETER Include
    revocations: also take back what is granted and not needed.

    .EXAMPLE
    New-SyncwardenRepairPlan fabrikam-rooms account

    The plan of one finding.

    .EXAMPLE
    Get-SyncwardenFinding fabrikam-rooms -Verdict nonCompliant | New-SyncwardenRepairPlan | Select-Object -ExpandProperty changes

    Every change that would put a target right.

    .LINK
    Connect-Syncwarden
    #>
    [CmdletBinding(PositionalBinding = $false)]
    [OutputType('Syncwarden.RepairPlan')]
    param(
        [Parameter(Mandatory, Position = 0, ValueFromPipelineByPropertyName)]
        [string] $TargetId,

        [Parameter(Mandatory, Position = 1, ValueFromPipelineByPropertyName)]
        [ValidateSet('account', 'sign-in', 'password-expiry', 'license', 'consent', 'impersonation', 'rooms', 'ews-access')]
        [string] $Control,

        [Parameter(ValueFromPipelineByPropertyName)]
        [ValidateSet('revocations')]
        [string[]] $Include
    )
    process {
        Get-RepairPlan -Cmdlet $PSCmdlet -Operation 'remediations-post' -Given $PSBoundParameters -Fixed @{ mode = 'plan' } -TypeName 'Syncwarden.RepairPlan'
    }
}
