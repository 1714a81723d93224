# Generated from openapi.json and build/generate/powershell/commands.ts: npm run generate.
function Invoke-SyncwardenRepair {
    <#
    .SYNOPSIS
    Applies a plan: exactly the changes that were agreed to. The tenant is read and planned again first; when the plan is another one then, nothing is changed, and the error is plan.stale.

    .DESCRIPTION
    Calls POST /api/targets/{targetId}/remediations.
    Needs the app role Syncwarden.Remediate.
    With -WhatIf nothing is sent.

    .PARAMETER Change
    What is to be changed, as it comes from the pipeline: what -WhatIf and -Confirm show. It is not sent.

    .PARAMETER TargetId
    Id of the target.

    .PARAMETER Control
    Id of the control.

    .PARAMETER Include
    revocations: also take back what is granted and not needed.

    .PARAMETER PlanHash
    Of the plan that is agreed to.

    .EXAMPLE
    New-SyncwardenRepairPlan fabrikam-rooms account | Invoke-SyncwardenRepair -WhatIf

    Shows the changes, and sends nothing.

    .EXAMPLE
    New-SyncwardenRepairPlan fabrikam-rooms account | Invoke-SyncwardenRepair

    Shows the changes, and asks.

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
        [ValidateSet('account', 'sign-in', 'password-expiry', 'license', 'consent', 'impersonation', 'rooms', 'ews-access')]
        [string] $Control,

        [Parameter(ValueFromPipelineByPropertyName)]
        [ValidateSet('revocations')]
        [string[]] $Include,

        [Parameter(Mandatory, ValueFromPipelineByPropertyName)]
        [string] $PlanHash
    )
    process {
        Invoke-Repair -Cmdlet $PSCmdlet -Operation 'remediations-post' -Given $PSBoundParameters -Fixed @{ mode = 'apply' } -TypeName 'Syncwarden.RepairResult' -Action 'Repair'
    }
}
