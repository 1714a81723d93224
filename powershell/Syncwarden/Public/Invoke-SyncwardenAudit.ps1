# Generated from openapi.json and build/generate/powershell/commands.ts: npm run generate.
function Invoke-SyncwardenAudit {
    <#
    .SYNOPSIS
    Audits a target now, whether it is paused or not.

    .DESCRIPTION
    Calls POST /api/targets/{targetId}/audits.
    Needs the app role Syncwarden.Audit.
    With -WhatIf nothing is sent.

    .PARAMETER TargetId
    Id of the target.

    .PARAMETER Control
    All controls without it.

    .EXAMPLE
    Invoke-SyncwardenAudit woodgrove-rooms

    All controls of one target, now.

    .EXAMPLE
    Get-SyncwardenFinding -Verdict unknown | Invoke-SyncwardenAudit

    Whatever could not be read is tried again: that control of that target.

    .LINK
    Connect-Syncwarden
    #>
    [CmdletBinding(SupportsShouldProcess, ConfirmImpact = 'Low', PositionalBinding = $false)]
    [OutputType('Syncwarden.Finding')]
    param(
        [Parameter(Mandatory, Position = 0, ValueFromPipelineByPropertyName)]
        [string] $TargetId,

        [Parameter(Position = 1, ValueFromPipelineByPropertyName)]
        [Alias('Controls')]
        [ValidateSet('account', 'sign-in', 'password-expiry', 'license', 'consent', 'impersonation', 'rooms', 'ews-access')]
        [string[]] $Control
    )
    process {
        Invoke-Operation -Cmdlet $PSCmdlet -Operation 'target-audits-post' -Given $PSBoundParameters -TypeName 'Syncwarden.Finding' -Action 'Audit now'
    }
}
