# Generated from openapi.json and build/generate/powershell/commands.ts: npm run generate.
function Set-SyncwardenWaiver {
    <#
    .SYNOPSIS
    Accepts the risk of what a control finds on a target now.

    .DESCRIPTION
    Calls PUT /api/targets/{targetId}/waivers/{control}.
    Needs the app role Syncwarden.Admin.
    With -WhatIf nothing is sent.

    .PARAMETER TargetId
    Id of the target.

    .PARAMETER Control
    Id of the control.

    .PARAMETER Reason
    Why it is accepted.

    .PARAMETER ExpiresAt
    Until when; at most 366 days from now.

    .PARAMETER Code
    Only violations with these codes; everything that is found without it.

    .EXAMPLE
    Set-SyncwardenWaiver fabrikam-rooms consent -Reason 'The vendor needs Mail.ReadWrite until its release.' -ExpiresAt (Get-Date).AddDays(90) -Code consent.excess

    Exactly the violations with this code that are there now, for three months.

    .LINK
    Connect-Syncwarden
    #>
    [CmdletBinding(SupportsShouldProcess, ConfirmImpact = 'Medium', PositionalBinding = $false)]
    [OutputType('Syncwarden.Waiver')]
    param(
        [Parameter(Mandatory, Position = 0, ValueFromPipelineByPropertyName)]
        [string] $TargetId,

        [Parameter(Mandatory, Position = 1, ValueFromPipelineByPropertyName)]
        [ValidateSet('account', 'sign-in', 'password-expiry', 'license', 'consent', 'impersonation', 'rooms', 'ews-access')]
        [string] $Control,

        [Parameter(Mandatory, ValueFromPipelineByPropertyName)]
        [string] $Reason,

        [Parameter(Mandatory, ValueFromPipelineByPropertyName)]
        [datetime] $ExpiresAt,

        [Parameter(ValueFromPipelineByPropertyName)]
        [Alias('Codes')]
        [string[]] $Code
    )
    process {
        Invoke-Operation -Cmdlet $PSCmdlet -Operation 'waiver-put' -Given $PSBoundParameters -TypeName 'Syncwarden.Waiver' -Action 'Accept the risk of what is found now'
    }
}
