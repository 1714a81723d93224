# Generated from openapi.json and build/generate/powershell/commands.ts: npm run generate.
function Remove-SyncwardenTarget {
    <#
    .SYNOPSIS
    Deletes a target with its findings and waivers. Its history stays readable.

    .DESCRIPTION
    Calls DELETE /api/targets/{targetId}.
    Needs the app role Syncwarden.Admin.
    With -WhatIf nothing is sent.

    .PARAMETER TargetId
    Id of the target.

    .EXAMPLE
    Remove-SyncwardenTarget new-rooms -WhatIf

    Says what it would do, and sends nothing.

    .EXAMPLE
    Remove-SyncwardenTarget new-rooms -Confirm:$false

    Does not ask.

    .LINK
    Connect-Syncwarden
    #>
    [CmdletBinding(SupportsShouldProcess, ConfirmImpact = 'High', PositionalBinding = $false)]
    param(
        [Parameter(Mandatory, Position = 0, ValueFromPipelineByPropertyName)]
        [string] $TargetId
    )
    process {
        Invoke-Operation -Cmdlet $PSCmdlet -Operation 'target-delete' -Given $PSBoundParameters -Action 'Delete the target with its findings and accepted risks'
    }
}
