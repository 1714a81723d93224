# Generated from openapi.json and build/generate/powershell/commands.ts: npm run generate.
function Test-SyncwardenAlert {
    <#
    .SYNOPSIS
    Sends a test alert, by the way of all others. It resolves by itself.

    .DESCRIPTION
    Calls POST /api/alerts/test.
    Needs the app role Syncwarden.Admin.
    With -WhatIf nothing is sent.

    .EXAMPLE
    Test-SyncwardenAlert

    Where no Application Insights is connected, as on a laptop, the error is unavailable.

    .LINK
    Connect-Syncwarden
    #>
    [CmdletBinding(SupportsShouldProcess, ConfirmImpact = 'Medium', PositionalBinding = $false)]
    [OutputType('Syncwarden.Sent')]
    param(
    )
    process {
        Invoke-Operation -Cmdlet $PSCmdlet -Operation 'alerts-test' -Given $PSBoundParameters -TypeName 'Syncwarden.Sent' -Action 'Send a test alert'
    }
}
