# Generated from openapi.json and build/generate/powershell/commands.ts: npm run generate.
function Remove-SyncwardenWaiver {
    <#
    .SYNOPSIS
    Takes an acceptance back.

    .DESCRIPTION
    Calls DELETE /api/targets/{targetId}/waivers/{control}.
    Needs the app role Syncwarden.Admin.
    With -WhatIf nothing is sent.

    .PARAMETER TargetId
    Id of the target.

    .PARAMETER Control
    Id of the control.

    .EXAMPLE
    Remove-SyncwardenWaiver fabrikam-rooms consent

    Asks. The finding re-opens at once.

    .LINK
    Connect-Syncwarden
    #>
    [CmdletBinding(SupportsShouldProcess, ConfirmImpact = 'High', PositionalBinding = $false)]
    param(
        [Parameter(Mandatory, Position = 0, ValueFromPipelineByPropertyName)]
        [string] $TargetId,

        [Parameter(Mandatory, Position = 1, ValueFromPipelineByPropertyName)]
        [ValidateSet('account', 'sign-in', 'password-expiry', 'license', 'consent', 'impersonation', 'rooms', 'ews-access')]
        [string] $Control
    )
    process {
        Invoke-Operation -Cmdlet $PSCmdlet -Operation 'waiver-delete' -Given $PSBoundParameters -Action 'Take the acceptance back'
    }
}
